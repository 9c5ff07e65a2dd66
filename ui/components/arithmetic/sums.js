// The arithmetic itself: every number that makes one output, from the numbers of its layer. Nothing of the screen.
// JavaScript counts in 64 bits, the network in 32; `bound` is how far apart rounding may bring the two.

const ROUNDING = 2 ** -24 // of one 32-bit operation, relative to its result
const BATCHNORM_OPERATIONS = 8

// What makes the output at [channel, row, column], its total, and the network's own value beside it.
export function workOut(layer, place) {
  const found = { convolution, norm, relu, max, addition }[layer.kind](layer, ...place)
  const own = layer.output.at(...place)
  return { ...found, own, difference: Math.abs(found.total - own) }
}

// The sum over all input channels of kernel times patch. Its parts are the channels, each with its own sum.
function convolution({ rule, inputs: [input] }, channel, row, column) {
  const { kernel, stride, padding, read, made, weight } = rule
  const first = Math.floor(channel / made) * read // a group reads channels of its own
  const bias = rule.bias ? rule.bias.values[channel] : null
  const parts = []
  for (let index = 0; index < read; index++) {
    const part = { channel: first + index, patch: [], kernel: [], products: [], inside: [], sum: 0, size: 0 }
    for (let y = 0; y < kernel; y++)
      for (let x = 0; x < kernel; x++) {
        const value = input.at(first + index, row * stride + y - padding, column * stride + x - padding)
        const factor = weight.values[((channel * read + index) * kernel + y) * kernel + x]
        const product = (value ?? 0) * factor // outside the map there are zeros
        part.patch.push(value ?? 0)
        part.inside.push(value !== undefined)
        part.kernel.push(factor)
        part.products.push(product)
        part.sum += product
        part.size += Math.abs(product)
      }
    parts.push(part)
  }
  const total = parts.reduce((sum, part) => sum + part.sum, bias ?? 0)
  const size = parts.reduce((sum, part) => sum + part.size, Math.abs(bias ?? 0))
  const terms = read * kernel * kernel
  return { parts, bias, total, terms, bound: (terms + (bias === null ? 0 : 1)) * ROUNDING * size }
}

// (x - mean) / sqrt(variance + epsilon) * gamma + beta
function norm({ rule, inputs: [input] }, channel, row, column) {
  const x = input.at(channel, row, column)
  const [mean, variance, gamma, beta] = ["mean", "variance", "gamma", "beta"].map((name) => rule[name].values[channel])
  const deviation = Math.sqrt(variance + rule.epsilon)
  const scaled = (x - mean) / deviation
  const size = ((Math.abs(x) + Math.abs(mean)) * Math.abs(gamma)) / deviation + Math.abs(beta)
  const total = scaled * gamma + beta
  return { x, mean, variance, gamma, beta, centred: x - mean, scaled, total, bound: BATCHNORM_OPERATIONS * ROUNDING * size }
}

function relu({ inputs: [input] }, channel, row, column) {
  const x = input.at(channel, row, column)
  return { x, total: Math.max(0, x), bound: 0 }
}

// The largest number below the window; what is outside the map does not count.
function max({ rule, inputs: [input] }, channel, row, column) {
  const { kernel, stride, padding } = rule
  const values = []
  for (let y = 0; y < kernel; y++)
    for (let x = 0; x < kernel; x++)
      values.push(input.at(channel, row * stride + y - padding, column * stride + x - padding))
  const inside = values.map((value) => value !== undefined)
  const counted = values.filter((value) => value !== undefined)
  return { patch: values.map((value) => value ?? 0), inside, terms: counted.length, total: Math.max(...counted), bound: 0 }
}

// shortcut(x) + F(x)
function addition({ rule, inputs: [shortcut, F] }, channel, row, column) {
  const [x, branch] = [shortcut.at(channel, row, column), F.at(channel, row, column)]
  const total = x + branch
  const after = rule.relu ? Math.max(0, total) : null // a ReLU may follow
  return { x, branch, total, after, bound: ROUNDING * (Math.abs(x) + Math.abs(branch)) }
}
