// Where everything goes: pure numbers, no elements. Heights follow the side of the maps, so that stages are to scale.

// Pixels: `tallest` are the largest maps, `above` is room for shortcuts, `below` for a stage's name.
const LARGE = { tallest: 110, lowest: 18, above: 46, below: 52 }
const SMALL = { tallest: 56, lowest: 14, above: 22, below: 28 }
const WIDEST = 46
const NARROWEST = 12 // below this the drawing takes another row
const EDGE = 14

export function layout(nodes, width, small) {
  const size = small ? SMALL : LARGE
  const largest = Math.max(...nodes.map((node) => side(node)))
  const breaks = nodes.filter((node, index) => index && node.stage !== nodes[index - 1].stage).length
  const free = width - 2 * EDGE - breaks * 12
  const step = free / nodes.length
  const across = step >= NARROWEST * 1.35 ? step : NARROWEST * 1.6
  const box = Math.min(WIDEST, across / 1.35)
  const gap = box * 0.35 + (box === WIDEST ? 6 : 0)
  const places = []
  let x = EDGE + gap
  let row = 0
  nodes.forEach((node, index) => {
    if (index && node.stage !== nodes[index - 1].stage) x += 12
    if (x + box > width - EDGE && x > EDGE + gap) {
      row += 1
      x = EDGE + gap
    }
    const height = Math.max(size.lowest, (size.tallest * side(node)) / largest)
    places.push({ x, row, width: box, height, gap })
    x += box + gap
  })
  const tall = size.tallest + size.above + size.below
  for (const place of places) {
    place.middle = place.row * tall + size.above + size.tallest / 2
    place.top = place.middle - place.height / 2
  }
  return { places, height: (row + 1) * tall, groups: groups(nodes, places, tall, size.below), small }
}

// One name below the blocks of a stage, per row.
function groups(nodes, places, tall, below) {
  const found = []
  nodes.forEach((node, index) => {
    const last = found.at(-1)
    const place = places[index]
    if (last && last.stage === node.stage && last.row === place.row) last.to = place.x + place.width
    else found.push({ stage: node.stage, row: place.row, from: place.x, to: place.x + place.width, out: node.out, y: (place.row + 1) * tall - below })
    found.at(-1).out = node.out
  })
  return found
}

function side(node) {
  return node.out.length > 1 ? node.out[1] : 1
}
