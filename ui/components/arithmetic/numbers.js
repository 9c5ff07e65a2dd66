// Numbers in: base64 to maps. Numbers out: text in which minus is a minus and columns line up.

export function bytes(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
}

// Float32 as sent, with a way to ask for one: undefined outside the map.
export function maps({ shape, values }) {
  const raw = new DataView(bytes(values).buffer)
  const numbers = Float32Array.from({ length: raw.byteLength / 4 }, (_, index) => raw.getFloat32(4 * index, true))
  const [channels, height, width] = shape
  return {
    channels,
    height,
    width,
    values: numbers,
    at: (channel, row, column) =>
      row < 0 || column < 0 || row >= height || column >= width ? undefined : numbers[(channel * height + row) * width + column],
    channel: (index) => numbers.subarray(index * height * width, (index + 1) * height * width),
  }
}

// Everything a layer was sent, ready to be asked.
export function open(data) {
  const rule = Object.fromEntries(Object.entries(data.rule).map(([name, part]) => [name, part?.shape ? maps(part) : part]))
  const [output, inputs] = [maps(data.output), data.inputs.map(maps)]
  return { kind: data.kind, rule, inputs, output }
}

// From 0 up, or as far below zero as above where there are negative values. What is not finite does not count.
export function range(...channels) {
  let [low, high] = [0, 0]
  for (const values of channels)
    for (const value of values)
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)]
  const most = Math.max(-low, high) || 1
  return low < 0 ? [-most, most] : [0, most]
}

// So many digits after the point that the largest of some numbers has seven.
export function digits(numbers) {
  const most = Math.max(...numbers.filter(Number.isFinite).map(Math.abs), 1e-30)
  return Math.min(12, Math.max(0, 6 - Math.floor(Math.log10(most))))
}

export function fixed(value, places, words) {
  if (!Number.isFinite(value)) return words.notFinite
  return value === 0 ? "0" : signed(value.toFixed(places))
}

// Three or four digits, in a square of numbers: a plain 0 is exactly 0.
export function short(value, places = 3) {
  if (!Number.isFinite(value)) return "∞"
  if (value === 0) return "0"
  const size = Math.abs(value)
  return size < 1000 ? signed(value.toFixed(size < 10 ? places : size < 100 ? 1 : 0)) : plain(value)
}

export function plain(value) {
  if (!Number.isFinite(value)) return "∞"
  const size = Math.abs(value)
  if (size === 0) return "0"
  if (size >= 1e-3 && size < 1e5) return signed(size >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4))))
  const [mantissa, exponent] = value.toExponential(1).split("e")
  const raised = [...String(Number(exponent))].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign])).join("")
  return signed(`${mantissa.replace(".0", "")}×10${raised}`)
}

// Six digits.
export function precise(value) {
  return Number.isFinite(value) ? signed(String(Number(value.toPrecision(6)))) : "∞"
}

// The same in brackets where a minus would meet the sign before it.
export function within(value) {
  const text = precise(value)
  return text.startsWith("−") ? `(${text})` : text
}

function signed(text) {
  return text.replace("-", "−")
}

// A translated sentence with its {names} filled in.
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole))
}
