// One network's gradient: layer by step as a heat map, and beside it the newest step as a profile on the same rows.

const { NORMS, css, enlarge, fill, hairline, indexed, plain, polyline, power, prepare, write } = await import(
  "./paint.js" + new URL(import.meta.url).search
)

export const HEIGHT = 300
const ZERO = 0
const NOT_FINITE = 255

export function drawLayers(canvas, width, network, run, look) {
  const pen = prepare(canvas, width, HEIGHT, look)
  const { steps, bin, limits, words } = run.head
  const top = 1.8 * look.size
  const bottom = HEIGHT - 1.9 * look.size
  const left = 2.2 * look.size
  const profile = { left: Math.round(width - Math.max(96, 0.27 * width)), right: width - 10 }
  const right = profile.left - 1.7 * look.size
  const line = 0.2 * look.size // Hangul reaches above the line that Latin letters keep to
  write(pen, words.layer, 0, line, "left", "top")
  const seen = Math.min((newest(network).column + 1) * bin, network.step)
  if (seen) write(pen, fill(words.atStep, { step: seen }), profile.right, line, "right", "top")
  drawHeat(pen, network, look, { left, right, top, bottom, columns: Math.ceil(steps / bin) })
  drawRows(pen, network, look, left, top, bottom)
  write(pen, "0", left, bottom + 8, "left", "top")
  write(pen, String(steps), right, bottom + 8, "right", "top")
  write(pen, words.step, (left + right) / 2, bottom + 8, "center", "top")
  drawProfile(pen, network, look, limits, { ...profile, top, bottom })
}

function drawHeat(pen, network, look, box) {
  const columns = network.columns
  pen.save()
  pen.globalAlpha = 0.08
  pen.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top)
  pen.restore()
  if (!columns) return
  const picture = indexed(columns, network.layers, (column, layer) => NORMS[network.heat[column * network.layers + layer]])
  const width = ((box.right - box.left) * columns) / box.columns
  enlarge(pen, picture, box.left, box.top, width, box.bottom - box.top)
}

function drawRows(pen, network, look, left, top, bottom) {
  const row = (bottom - top) / network.layers
  write(pen, "1", left - 6, top + 0.5 * look.size, "right", "middle")
  write(pen, String(network.layers), left - 6, bottom - Math.max(row / 2, 0.5 * look.size), "right", "middle")
}

function drawProfile(pen, network, look, [low, high], box) {
  const floor = box.left
  const start = box.left + 14 // room between the floor, where zeros stand, and the smallest power of ten
  const x = (code) => (code === ZERO ? floor : start + ((code - 1) / 253) * (box.right - start))
  const at = (exponent) => start + ((exponent - low) / (high - low)) * (box.right - start)
  const row = (box.bottom - box.top) / network.layers
  for (const exponent of [low, 0]) {
    hairline(pen, look, at(exponent), box.top, at(exponent), box.bottom)
    write(pen, power(exponent), at(exponent), box.bottom + 8, exponent === low ? "left" : "center", "top")
  }
  pen.save()
  pen.setLineDash([2, 4])
  hairline(pen, look, floor, box.top, floor, box.bottom, 0.8)
  pen.restore()
  write(pen, "0", floor - 3, box.bottom + 8, "right", "top")
  const { codes } = newest(network)
  pen.strokeStyle = pen.fillStyle = network.colour
  pen.lineWidth = Math.min(network.width, 3)
  const y = (layer) => box.top + (layer + 0.5) * row
  polyline(pen, Array.from(codes, (code, layer) => [x(code), code === NOT_FINITE ? NaN : y(layer)]))
  codes.forEach((code, layer) => {
    if (code === NOT_FINITE) return
    pen.beginPath()
    pen.arc(x(code), y(layer), Math.min(3, Math.max(1.5, row / 2.5)), 0, 2 * Math.PI)
    pen.fill()
  })
}

// The last column in which anything is a number: an exploded run shows what it had before.
export function newest(network) {
  for (let column = network.columns - 1; column >= 0; column--) {
    const codes = network.heat.subarray(column * network.layers, (column + 1) * network.layers)
    if (codes.some((code) => code !== NOT_FINITE)) return { codes, column }
  }
  return { codes: new Uint8Array(0), column: -1 }
}

// A code back to a norm, to about seven percent.
export function normOf(code, [low, high]) {
  if (code === ZERO) return 0
  if (code === NOT_FINITE) return Infinity
  return 10 ** (low + ((code - 1) / 253) * (high - low))
}

export function drawLegend(canvas, width, run, look) {
  const height = 2.9 * look.size
  const pen = prepare(canvas, width, height, look)
  const { limits, words } = run.head
  const [low, high] = limits
  const bar = 14
  const side = 22
  const zeroWidth = Math.max(side, pen.measureText(words.zero).width)
  const otherWidth = Math.max(side, pen.measureText(words.notFinite).width)
  const room = pen.measureText(power(-10)).width
  const from = zeroWidth + room
  const to = width - otherWidth - room
  swatch(pen, css(NORMS[0]), 0, side, bar, words.zero, "left", look)
  swatch(pen, css(NORMS[255]), width - side, side, bar, words.notFinite, "right", look, width)
  enlarge(pen, indexed(254, 1, (column) => NORMS[column + 1]), from, 0, to - from, bar)
  const step = to - from < 220 ? 4 : 2
  for (let exponent = low; exponent <= high; exponent += step) {
    const x = from + ((exponent - low) / (high - low)) * (to - from)
    write(pen, (exponent === low ? "≤" : "") + power(exponent), x, bar + 6, "center", "top")
  }
}

function swatch(pen, colour, x, side, bar, text, align, look, edge = 0) {
  pen.fillStyle = colour
  pen.fillRect(x, 0, side, bar)
  pen.fillStyle = pen.strokeStyle = look.text
  pen.lineWidth = 1
  pen.strokeRect(x + 0.5, 0.5, side - 1, bar - 1)
  write(pen, text, align === "right" ? edge : x, bar + 6, align, "top")
}

export function edges(network, limits) {
  const { codes } = newest(network)
  if (!codes.length) return null
  return { first: plain(normOf(codes[0], limits)), last: plain(normOf(codes[codes.length - 1], limits)) }
}
