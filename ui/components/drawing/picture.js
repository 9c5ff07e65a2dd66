// The picture: boxes to scale on a line, shortcuts above them. Names and numbers only ever become text nodes.

const NS = "http://www.w3.org/2000/svg"
const NAME = 74 // pixels that the shape below a stage needs

export function draw(svg, nodes, { places, height, groups, small }, { words, block, cuts, canCut, input, picks }) {
  svg.replaceChildren()
  const width = svg.clientWidth || svg.parentElement.clientWidth
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
  svg.setAttribute("height", height)
  svg.setAttribute("role", "group")
  svg.setAttribute("aria-label", words.drawing)
  way(svg, places, width)
  const first = nodes.some((node) => node.id === block) ? block : (picks?.[0] ?? nodes[0].id)
  const boxes = nodes.map((node, index) => {
    const group = box(svg, node, places[index], node.id === block)
    group.setAttribute("tabindex", node.id === first ? 0 : -1)
    if (picks && !picks.includes(node.id)) group.setAttribute("aria-disabled", true)
    return group
  })
  const skips = nodes.map((node, index) => skip(svg, node, places[index], { words, cut: cuts.has(node.id), canCut }))
  for (const group of groups) name(svg, group, words, width, small)
  if (!small) text(svg, places[0].x, 16, input.join(" × "), "input")
  return { boxes, skips }
}

// The main path, from the picture through every block.
function way(svg, places, width) {
  let d = `M 2 ${places[0].middle}`
  places.forEach((place, index) => {
    if (index && place.row !== places[index - 1].row) d += ` H ${width - 4} M 2 ${place.middle}`
    d += ` H ${place.x + place.width + place.gap / 2}`
  })
  add(svg, "path", { class: "way", d: `${d} H ${Math.min(width - 2, places.at(-1).x + places.at(-1).width + 16)}` })
}

function box(svg, node, place, open) {
  const group = add(svg, "g", {
    class: open ? "block open" : "block",
    role: "button",
    "aria-label": node.text,
    "aria-pressed": open,
    "data-id": node.id,
  })
  const frame = { x: place.x, y: place.top, width: place.width, height: place.height, rx: 3 }
  const rect = add(group, "rect", { ...frame, class: node.colour ? "box" : "box unknown" })
  if (node.colour) rect.style.fill = node.colour
  return group
}

function skip(svg, node, place, { words, cut, canCut }) {
  if (!node.shortcut) return null
  const kind = cut ? "cut" : node.shortcut
  const group = add(svg, "g", { class: `skip ${kind}` })
  const from = place.x - place.gap / 2
  const to = place.x + place.width + place.gap / 2
  const top = place.top - 14
  const r = Math.min(8, (to - from) / 2)
  const d = `M ${from} ${place.middle} V ${top + r} Q ${from} ${top} ${from + r} ${top} H ${to - r} Q ${to} ${top} ${to} ${top + r} V ${place.middle}`
  add(group, "path", { class: "line", d })
  const middle = (from + to) / 2
  if (kind !== "cut") add(group, "circle", { class: "sum", cx: to, cy: place.middle, r: 4 })
  if (kind === "projection") add(group, "rect", { class: "mark", x: middle - 5, y: top - 5, width: 10, height: 10 })
  if (kind === "cut") add(group, "path", { class: "cross", d: `M ${middle - 5} ${top - 5} l 10 10 m 0 -10 l -10 10` })
  if (canCut) {
    group.setAttribute("role", "switch")
    group.setAttribute("aria-checked", !cut)
    group.setAttribute("tabindex", -1)
    group.dataset.skip = node.id
    add(group, "rect", { class: "touch", x: from, y: top - 14, width: to - from, height: 26 })
  } else group.setAttribute("role", "img")
  const label = words.shortcut.replace("{block}", node.label).replace("{kind}", words[kind])
  group.setAttribute("aria-label", label)
  add(group, "title").textContent = label
  return group
}

function name(svg, group, words, width, small) {
  const middle = Math.min(Math.max((group.from + group.to) / 2, 24), width - 40)
  const number = Number(group.stage)
  const wide = group.to - group.from + 20 > NAME
  const title = number ? (wide ? words.stage.replace("{number}", number) : String(number)) : ""
  if (title) text(svg, middle, group.y + 22, title, "stage")
  if (wide && !small) text(svg, middle, group.y + 42, group.out.join("×"), "shape")
}

function text(svg, x, y, words, kind) {
  add(svg, "text", { x, y, class: kind }).textContent = words
}

export function add(parent, tag, attributes = {}) {
  const element = document.createElementNS(NS, tag)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  parent.append(element)
  return element
}
