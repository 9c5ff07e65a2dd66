// Maps on canvases: coloured pixel by pixel, enlarged without smoothing, with marks on top.

const { bytes } = await import("./numbers.js" + new URL(import.meta.url).search)
const GAP = 2 // pixels between the small maps

export function colour(value, [low, high], colours) {
  if (!Number.isFinite(value)) return colours.broken.match(/\w\w/g).map((part) => parseInt(part, 16))
  const ramp = low < 0 ? colours.signed : colours.magnitude
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return ramp[Math.round(share * (ramp.length - 1))]
}

// One channel as a small canvas of its own.
export function painted(values, height, width, range, colours) {
  return drawn(width, height, (index) => colour(values[index], range, colours))
}

// The picture, (height, width, 3) bytes.
export function photograph({ shape: [height, width], values }) {
  const pixels = bytes(values)
  return drawn(width, height, (index) => pixels.subarray(3 * index, 3 * index + 3))
}

function drawn(width, height, colourAt) {
  const canvas = document.createElement("canvas")
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext("2d")
  const image = pen.createImageData(width, height)
  for (let index = 0; index < width * height; index++) {
    image.data.set(colourAt(index), 4 * index)
    image.data[4 * index + 3] = 255
  }
  pen.putImageData(image, 0, 0)
  return canvas
}

// A map at the width that its canvas has, and a square around pixels [row, column, rows, columns] of it.
export function big(canvas, picture, mark, cross = false) {
  const width = canvas.clientWidth
  const scale = width / picture.width
  const pen = prepare(canvas, width, scale * picture.height)
  pen.drawImage(picture, 0, 0, width, scale * picture.height)
  if (!mark) return
  const [row, column, rows, columns] = mark.map((place) => place * scale)
  if (cross) {
    lines(pen, 0.45, () => {
      pen.moveTo(column + columns / 2, 0)
      pen.lineTo(column + columns / 2, canvas.clientHeight)
      pen.moveTo(0, row + rows / 2)
      pen.lineTo(width, row + rows / 2)
    }, 0.6)
    pen.drawImage(picture, mark[1], mark[0], 1, 1, column, row, columns, rows)
  }
  lines(pen, 1, () => pen.rect(column, row, Math.max(columns, 4), Math.max(rows, 4)))
}

// All channels side by side, with the same square on each that is read. Gives what finds the channel at a point.
export function montage(canvas, pictures, mark, reads, chosen) {
  const [width, { width: wide, height: tall }] = [canvas.clientWidth, pictures[0]]
  const across = pictures.length < 5 ? pictures.length : Math.ceil(Math.sqrt(pictures.length))
  const step = (width + GAP) / across
  const scale = (step - GAP) / wide
  const down = scale * tall + GAP
  const pen = prepare(canvas, width, Math.ceil(pictures.length / across) * down - GAP)
  const corner = (index) => [(index % across) * step, Math.floor(index / across) * down]
  pictures.forEach((picture, index) => {
    const [x, y] = corner(index)
    pen.globalAlpha = reads(index) ? 1 : 0.2
    pen.drawImage(picture, x, y, scale * wide, scale * tall)
    pen.globalAlpha = 1
    if (mark && reads(index) && step > 24) {
      const [row, column, rows, columns] = mark.map((place) => place * scale)
      lines(pen, 0.9, () => pen.rect(x + column, y + row, columns, rows), 0.6)
    }
  })
  if (chosen < pictures.length) {
    const [x, y] = corner(chosen)
    lines(pen, 1, () => pen.rect(x + 1, y + 1, scale * wide - 2, scale * tall - 2))
  }
  return (x, y) => {
    const index = Math.floor(y / down) * across + Math.floor(x / step)
    return index < pictures.length ? index : undefined
  }
}

// Dark below and light above, so that a line is seen on every colour.
function lines(pen, alpha, path, width = 1) {
  pen.save()
  pen.globalAlpha = alpha
  for (const [thick, ink] of [[4 * width, "#000"], [2 * width, "#fff"]]) {
    pen.lineWidth = thick
    pen.strokeStyle = ink
    pen.beginPath()
    path()
    pen.stroke()
  }
  pen.restore()
}

function prepare(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1
  canvas.style.height = `${height}px`
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const pen = canvas.getContext("2d")
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.imageSmoothingEnabled = false
  return pen
}
