// The sample picture and what each stage makes of it.

const { SEQUENTIAL, bytes, enlarge, indexed, prepare } = await import("./paint.js" + new URL(import.meta.url).search)

const GAP = 4 // CSS pixels between two maps
const APART = 16 // ... and between the picture and its maps

export function drawMaps(canvas, width, network, run, look) {
  const layers = network.maps ? network.maps.layers : []
  // Before the first maps come, room is kept for as many as usual.
  const across = layers.length ? Math.max(...layers.map((layer) => layer.shape[0])) : 6
  const rows = layers.length || 3
  const widest = Math.floor(0.26 * width)
  const tile = Math.floor(Math.min(56, (width - widest - APART + GAP) / across - GAP))
  const side = Math.min(rows * (tile + GAP) - GAP, widest)
  const pen = prepare(canvas, width, rows * (tile + GAP), look)
  const sample = run.head.sample
  const [height, wide] = sample.shape
  run.samplePixels ??= bytes(sample.pixels)
  const picture = indexed(wide, height, (x, y) => run.samplePixels.subarray(3 * (y * wide + x), 3 * (y * wide + x) + 3))
  enlarge(pen, picture, 0, 0, side, (side * height) / wide)
  layers.forEach((layer, row) => drawRow(pen, layer, side + APART, row * (tile + GAP), tile))
}

function drawRow(pen, layer, left, top, tile) {
  const [channels, height, width] = layer.shape
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * height * width
    const picture = indexed(width, height, (x, y) => SEQUENTIAL[layer.bytes[start + y * width + x]])
    enlarge(pen, picture, left + channel * (tile + GAP), top, tile, tile)
  }
}

export function unpackMaps(maps) {
  for (const layer of maps.layers) layer.bytes = bytes(layer.pixels)
  return maps
}
