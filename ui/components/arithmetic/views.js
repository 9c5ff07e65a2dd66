// Picture, input and output as the chosen pixel has them: which map, which square of it, which words.

const version = new URL(import.meta.url).search
const { entitle } = await import("./page.js" + version)
const { fill, plain, range } = await import("./numbers.js" + version)
const { big, montage, painted } = await import("./maps.js" + version)
const MOST_SMALL = 256 // input channels that are shown side by side

// Draw all of them. Gives the ends of the colours of input and output.
export function views(component, found, seen) {
  const { layer, place, data, page } = component
  const { words, colours } = data
  const [input, branch] = layer.inputs
  const ranges = ends(layer, place[0], seen)
  const patch = window(layer.rule, place)
  const show = (view, maps, channel, ends, text, mark, cross) => {
    entitle(view, text, ends, colours, plain)
    big(view.canvas, painted(maps.channel(channel), maps.height, maps.width, ends, colours), mark, cross)
  }
  entitle(page.views.picture, words.picture)
  big(page.views.picture.canvas, layer.photo, field(data, layer, place))
  page.views.channels.figure.hidden = !found.parts || input.channels < 2
  if (!page.views.channels.figure.hidden) component.channelAt = channels(page.views.channels, layer, data, found, patch, seen)
  const title = [fill(words.input, { number: seen + 1, count: input.channels }), data.names[seen]].filter(Boolean).join(" · ")
  show(page.views.input, input, seen, ranges.input, title, patch)
  page.views.branch.figure.hidden = !branch
  if (branch) show(page.views.branch, branch, seen, ranges.input, fill(words.branch, { number: seen + 1 }), patch)
  const name = fill(words.output, { number: place[0] + 1, count: data.outputs })
  show(page.views.output, layer.output, place[0], ranges.output, name, [place[1], place[2], 1, 1], true)
  describe(page.map, layer.output, place, words)
  return ranges
}

// What is added shares its colours; every other map has its own.
function ends({ kind, inputs, output }, channel, seen) {
  const own = { input: range(inputs[0].channel(seen)), output: range(output.channel(channel)) }
  if (kind !== "addition") return own
  const all = range(...[...inputs, output].map((maps) => maps.channel(channel)))
  return { input: all, output: all }
}

// The inputs that are read: row, column, rows, columns.
function window({ kernel = 1, stride = 1, padding = 0 }, [, row, column]) {
  return [row * stride - padding, column * stride - padding, kernel, kernel]
}

function channels(view, layer, { words, colours }, found, patch, seen) {
  const [input] = layer.inputs
  const count = input.channels
  const shown = Math.min(count, MOST_SMALL)
  while (layer.small.length < shown) {
    const values = input.channel(layer.small.length)
    layer.small.push(painted(values, input.height, input.width, range(values), colours))
  }
  const [first, last] = [found.parts[0].channel, found.parts.at(-1).channel]
  const title = fill(words[shown < count ? "someChannels" : "channels"], { shown, count })
  const group = found.parts.length < count ? fill(words.group, { first: first + 1, last: last + 1 }) : ""
  entitle(view, `${title} ${group}`.trim())
  return montage(view.canvas, layer.small, patch, (index) => index >= first && index <= last, seen)
}

// The square of the picture that the pixel can see, in pixels of the picture as it was sent.
function field({ picture, field }, { photo, output }, place) {
  const [spacing, scale] = [picture.side / output.width, photo.width / picture.side]
  const starts = place.slice(1).map((index) => Math.round(index * spacing) - (field - 1) / 2)
  const [from, to] = [starts.map((edge) => Math.max(0, edge)), starts.map((edge) => Math.min(picture.side, edge + field))]
  return [...from, to[0] - from[0], to[1] - from[1]].map((part) => part * scale)
}

function describe(map, { height, width }, [, row, column], words) {
  const names = {
    "aria-label": words.map,
    "aria-valuetext": fill(words.at, { row: row + 1, column: column + 1 }),
    "aria-valuemin": 1,
    "aria-valuemax": height * width,
    "aria-valuenow": row * width + column + 1,
  }
  for (const [name, value] of Object.entries(names)) map.setAttribute(name, value)
}
