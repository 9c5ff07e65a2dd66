// Canvas, colour and number: what every view of the monitor needs.

const CIVIDIS = ["00224e", "123570", "3b496c", "575d6d", "707173", "8a8678", "a59c74", "c3b369", "e1cc55", "fee838"]
const ZERO = [0, 0, 0]
const NOT_FINITE = [204, 121, 167]

// The sequential scale, as 256 colours; the same ten anchors as the still charts.
export const SEQUENTIAL = ramp(CIVIDIS, 256)

// Colours of the 256 codes of a gradient norm: 0 is exactly zero, 255 overflowed, the others the scale.
export const NORMS = [ZERO, ...ramp(CIVIDIS, 254), NOT_FINITE]

function ramp(anchors, count) {
  const parts = anchors.map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)))
  return Array.from({ length: count }, (_, index) => {
    const at = (index / (count - 1)) * (parts.length - 1)
    const left = Math.min(Math.floor(at), parts.length - 2)
    return parts[left].map((value, channel) => Math.round(value + (at - left) * (parts[left + 1][channel] - value)))
  })
}

export function css(rgb) {
  return `rgb(${rgb.join(",")})`
}

// A canvas at the screen's own resolution, cleared, with the page's type. Sizes are CSS pixels.
export function prepare(canvas, width, height, look) {
  const ratio = window.devicePixelRatio || 1
  const [real, tall] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== real || canvas.height !== tall) {
    canvas.width = real
    canvas.height = tall
    canvas.style.height = `${height}px`
  }
  const pen = canvas.getContext("2d")
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, width, height)
  pen.font = `${look.size}px ${look.family}`
  pen.fillStyle = pen.strokeStyle = look.text
  pen.lineJoin = pen.lineCap = "round"
  return pen
}

export function hairline(pen, look, fromX, fromY, toX, toY, alpha = 0.18) {
  pen.save()
  pen.globalAlpha = alpha
  pen.strokeStyle = look.text
  pen.lineWidth = 1
  pen.beginPath()
  pen.moveTo(fromX, fromY)
  pen.lineTo(toX, toY)
  pen.stroke()
  pen.restore()
}

export function write(pen, text, x, y, align = "left", baseline = "alphabetic") {
  pen.textAlign = align
  pen.textBaseline = baseline
  pen.fillText(text, x, y)
}

export function polyline(pen, points) {
  pen.beginPath()
  let drawing = false
  for (const [x, y] of points) {
    if (Number.isFinite(y)) {
      drawing ? pen.lineTo(x, y) : pen.moveTo(x, y)
      drawing = true
    } else {
      drawing = false
    }
  }
  pen.stroke()
}

// An indexed picture as a small canvas, to be enlarged without smoothing.
export function indexed(width, height, colourAt) {
  const canvas = document.createElement("canvas")
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext("2d")
  const image = pen.createImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const rgb = colourAt(pixel % width, Math.floor(pixel / width))
    image.data.set(rgb, 4 * pixel)
    image.data[4 * pixel + 3] = 255
  }
  pen.putImageData(image, 0, 0)
  return canvas
}

export function enlarge(pen, picture, x, y, width, height) {
  pen.imageSmoothingEnabled = false
  pen.drawImage(picture, x, y, width, height)
}

export function bytes(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
}

export function floats(base64) {
  const raw = bytes(base64)
  const view = new DataView(raw.buffer)
  return Float32Array.from({ length: raw.length / 4 }, (_, index) => view.getFloat32(4 * index, true))
}

export function power(exponent) {
  if (exponent === 0) return "1"
  const raised = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" }
  return "10" + [...String(exponent)].map((sign) => raised[sign]).join("")
}

export function plain(value) {
  if (!Number.isFinite(value)) return "∞"
  const size = Math.abs(value)
  if (size === 0) return "0"
  if (size >= 1e-3 && size < 1e5) return size >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
  const [mantissa, exponent] = value.toExponential(1).split("e")
  return `${mantissa.replace(".0", "")}×${power(Number(exponent))}`
}

export function percent(share) {
  return `${Math.round(100 * share)}%`
}

// A translated sentence with its {names} filled in.
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole))
}
