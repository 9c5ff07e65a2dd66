// Loss and accuracy of all networks on shared, fixed axes.

const { fill, hairline, percent, plain, polyline, power, prepare, write } = await import(
  "./paint.js" + new URL(import.meta.url).search
)

export const HEIGHT = 260
export const MEAN_OF = 8 // columns in the thick line's running mean
const LOWEST = 1e-3
const HIGHEST = 1e4

export function drawLoss(canvas, width, run, look, log) {
  const chance = Math.log(run.head.classes)
  const axis = log
    ? { low: Math.log10(LOWEST), high: Math.log10(HIGHEST), of: (value) => Math.log10(Math.max(value, LOWEST)) }
    : { low: 0, high: 1.5 * chance, of: (value) => value }
  axis.ticks = log
    ? [-2, 0, 2, 4].map((exponent) => [exponent, power(exponent)])
    : niceSteps(axis.high).map((value) => [value, plain(value)])
  drawCurves(canvas, width, run, look, axis, { values: "loss", chance, clipped: true, below: false })
}

export function drawAccuracy(canvas, width, run, look) {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => [share, percent(share)])
  const axis = { low: 0, high: 1, ticks, of: (value) => value }
  drawCurves(canvas, width, run, look, axis, { values: "accuracy", chance: 1 / run.head.classes, tests: true, below: true })
}

export function runningMean(values, count) {
  const means = new Float64Array(values.length)
  for (let end = 0; end < values.length; end++) {
    const start = Math.max(0, end - count + 1)
    let sum = 0
    for (let at = start; at <= end; at++) sum += values[at]
    means[end] = sum / (end - start + 1)
  }
  return means
}

function drawCurves(canvas, width, run, look, axis, what) {
  const pen = prepare(canvas, width, HEIGHT, look)
  const box = { left: 3.4 * look.size, right: width - 10, top: 12, bottom: HEIGHT - 1.9 * look.size }
  const x = (step) => box.left + (step / run.head.steps) * (box.right - box.left)
  const y = (value) => box.bottom - ((axis.of(value) - axis.low) / (axis.high - axis.low)) * (box.bottom - box.top)
  drawAxes(pen, look, box, axis, run, x)
  drawChance(pen, look, box, y(what.chance), run, what.below)
  pen.save()
  pen.beginPath()
  pen.rect(box.left, box.top - 4, box.right - box.left + 6, box.bottom - box.top + 8)
  pen.clip()
  for (const network of run.networks) drawNetwork(pen, network, what, run, x, (value) => Math.max(y(value), box.top))
  pen.restore()
  if (what.clipped) drawClipped(pen, look, box, axis, run, x)
}

function drawAxes(pen, look, box, axis, run, x) {
  for (const [at, name] of axis.ticks) {
    const level = box.bottom - ((at - axis.low) / (axis.high - axis.low)) * (box.bottom - box.top)
    hairline(pen, look, box.left, level, box.right, level)
    write(pen, name, box.left - 8, level, "right", "middle")
  }
  for (const step of stepTicks(run.head.steps)) {
    const align = step === run.head.steps ? "right" : "center"
    write(pen, String(step), x(step) + (align === "right" ? 4 : 0), box.bottom + 8, align, "top")
  }
  write(pen, run.head.words.step, (box.left + box.right) / 2 + (box.right - box.left) / 4, box.bottom + 8, "center", "top")
}

function drawChance(pen, look, box, level, run, below) {
  pen.save()
  pen.setLineDash([2, 5])
  hairline(pen, look, box.left, level, box.right, level, 0.8)
  pen.restore()
  write(pen, run.head.words.guessing, box.right - 4, level + (below ? 4 : -4), "right", below ? "top" : "bottom")
}

function drawNetwork(pen, network, what, run, x, y) {
  const values = network[what.values]
  const at = (index) => x(Math.min((index + 1) * run.head.bin, network.step))
  pen.strokeStyle = network.colour
  pen.globalAlpha = 0.35
  pen.lineWidth = 1
  polyline(pen, Array.from(values, (value, index) => [at(index), y(value)]))
  pen.globalAlpha = 1
  pen.lineWidth = network.width
  pen.setLineDash(network.dash === "dash" ? [10, 8] : [])
  polyline(pen, Array.from(runningMean(values, MEAN_OF), (value, index) => [at(index), y(value)]))
  pen.setLineDash([])
  if (what.tests) drawRings(pen, network, x, y)
}

function drawRings(pen, network, x, y) {
  pen.lineWidth = 2
  for (const [step, accuracy] of network.tests) {
    pen.beginPath()
    pen.arc(x(step), y(accuracy), 5, 0, 2 * Math.PI)
    pen.stroke()
  }
}

// Triangles on the upper edge where a loss lies above it, a cross where it stopped being a number.
function drawClipped(pen, look, box, axis, run, x) {
  let any = false
  for (const network of run.networks) {
    pen.fillStyle = network.colour
    network.loss.forEach((value, index) => {
      if (!(axis.of(value) > axis.high) || !Number.isFinite(value)) return
      any = true
      triangle(pen, x((index + 1) * run.head.bin), box.top)
    })
    if (network.diverged) cross(pen, network.colour, x(network.diverged), box.top)
  }
  pen.fillStyle = look.text
  if (any) write(pen, run.head.words.offScale, box.right, box.top + 2, "right", "top")
}

function triangle(pen, x, y) {
  pen.beginPath()
  pen.moveTo(x, y - 6)
  pen.lineTo(x - 6, y + 5)
  pen.lineTo(x + 6, y + 5)
  pen.fill()
}

function cross(pen, colour, x, y) {
  pen.strokeStyle = colour
  pen.lineWidth = 4
  polyline(pen, [[x - 6, y - 6], [x + 6, y + 6]])
  polyline(pen, [[x - 6, y + 6], [x + 6, y - 6]])
}

function niceSteps(high) {
  const step = high > 4 ? 2 : high > 2 ? 1 : 0.5
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => index * step)
}

function stepTicks(steps) {
  return [0, Math.round(steps / 2), steps]
}

export function resultOf(network, words) {
  if (network.diverged) return fill(words.diverged, { step: network.diverged })
  if (!network.loss.length) return words.waiting
  return fill(words.lossNow, { value: steady(lastMean(network.loss)) })
}

// Two decimals while they mean something, so that a running number keeps its width.
function steady(value) {
  return Math.abs(value) < 100 && Math.abs(value) >= 0.01 ? value.toFixed(2) : plain(value)
}

export function lastMean(values) {
  const last = Array.from(values.slice(-MEAN_OF))
  return last.reduce((sum, value) => sum + value, 0) / last.length
}
