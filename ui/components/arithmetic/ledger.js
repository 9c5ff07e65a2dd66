// The sum on the screen: squares of numbers, rows of a table, and the sentence that says the same.

const version = new URL(import.meta.url).search
const { digits, fill, fixed, plain, precise, short, within } = await import("./numbers.js" + version)
const { colour } = await import("./maps.js" + version)
const ROWS = 5 // of the channels that add most

// The channels in the order of their sizes, the largest first.
export function ranked(found) {
  return [...(found.parts ?? [])].sort((one, other) => Math.abs(other.sum) - Math.abs(one.sum))
}

// Patch, kernel and products of one input channel; of a pooling layer its window alone.
export function squares(root, layer, found, part, range, colours, words) {
  root.replaceChildren()
  const side = layer.rule.kernel
  if (!(side > 1)) return
  const shown = part ?? found
  root.classList.toggle("dense", side > 3)
  const add = (title, numbers, ends, inside) => square(root, title, numbers, inside, side, ends, colours)
  add(words[part ? "patch" : "window"], shown.patch, range, shown.inside)
  if (part) {
    sign(root, "×")
    add(words.kernel, part.kernel, even(part.kernel))
    sign(root, "=")
    add(words.products, part.products, even(part.products))
  }
  if (shown.inside.includes(false)) append(root, "p", words[part ? "padding" : "outside"], "note")
}

// What is added to what, down to the network's own value.
export function table(root, layer, found, part, data) {
  const { words } = data
  const rows = entries(layer, found, part, data)
  const places = digits([...rows.map((row) => row.value), found.own])
  const show = (value) => fixed(value, places, words)
  root.replaceChildren()
  const most = Math.max(...rows.filter((row) => row.bar).map((row) => Math.abs(row.value)), 1e-30)
  if (found.parts) heading(root, layer.rule.kernel > 1, words)
  const body = append(root, "tbody")
  for (const row of rows) line(body, row, show(row.value), most)
  line(body, { name: "total", label: words.total }, show(found.total))
  line(body, { name: "own", label: words.own }, show(found.own))
  line(body, { name: "difference", label: words.difference }, plain(found.difference))
  if (found.after != null) line(body, { name: "after", label: fill(words.afterRelu, { value: show(found.total) }) }, show(found.after))
}

// What was done, and whether the network says the same.
export function sentences(layer, found, [channel, row, column], words) {
  const places = digits([found.total, found.own])
  const named = Object.fromEntries(["branch", "mean", "variance", "gamma", "beta"].map((name) => [name, within(found[name])]))
  const sizes = { count: found.terms, channels: found.parts?.length, kernel: layer.rule.kernel, epsilon: plain(layer.rule.epsilon) }
  const did = fill(words.did, { ...named, ...sizes, x: precise(found.x), total: fixed(found.total, places, words) })
  const outside = (found.parts?.[0].inside ?? []).filter((inside) => !inside).length
  const padded = outside ? fill(words.padded, { count: outside, places: layer.rule.kernel ** 2 }) : ""
  const where = fill(words.where, { channel: channel + 1, row: row + 1, column: column + 1 })
  return [`${where} ${did} ${padded}`.trim(), verdict(found, fixed(found.own, places, words), words)]
}

function verdict(found, own, words) {
  if (!Number.isFinite(found.total) || !Number.isFinite(found.own)) return words.broken
  if (Math.fround(found.total) === found.own) return fill(words.same, { own })
  const values = { own, difference: plain(found.difference), bound: plain(found.bound) }
  return fill(found.difference <= found.bound ? words.agrees : words.differs, values)
}

function entries(layer, found, part, data) {
  const { words } = data
  if (layer.kind === "convolution") return channels(found, part, data)
  if (layer.kind === "addition") return [row(words.shortcut, found.x), row("F(x)", found.branch)]
  if (layer.kind !== "norm") return layer.kind === "relu" ? [row(words.x, found.x)] : []
  return [
    ...["x", "mean", "variance", "centred"].map((name) => row(words[name], found[name])),
    row(fill(words.scaled, { epsilon: plain(layer.rule.epsilon) }), found.scaled),
    row(fill(words.gamma, { gamma: plain(found.gamma) }), found.scaled * found.gamma),
    row(words.beta, found.beta),
  ]
}

function channels(found, part, { words, names }) {
  const order = ranked(found)
  const shown = order.slice(0, order.length > ROWS + 1 ? ROWS : order.length)
  if (part && !shown.includes(part)) shown.push(part)
  const rest = order.filter((one) => !shown.includes(one))
  const rows = shown.map((one) => ({
    ...row([fill(words.channel, { number: one.channel + 1 }), names[one.channel]].filter(Boolean).join(" · "), one.sum),
    bar: true,
    chosen: one === part,
    factors: one.patch.length === 1 ? [one.patch[0], one.kernel[0]] : null,
  }))
  if (rest.length) rows.push({ ...row(fill(words.rest, { count: rest.length }), rest.reduce((sum, one) => sum + one.sum, 0)), bar: true })
  if (found.bias !== null) rows.push(row(words.bias, found.bias))
  return rows
}

function row(label, value) {
  return { label, value }
}

function heading(root, wide, words) {
  const line = append(root.createTHead(), "tr")
  const titles = wide ? [words.part, words.sumOfProducts] : [words.part, words.value, words.weight, words.product]
  for (const title of titles) append(line, "th", title).scope = "col"
}

function line(body, { name = "", label, bar, chosen, factors, value }, text, most = 1) {
  const element = append(body, "tr", "", [name, chosen ? "chosen" : ""].join(" ").trim())
  const title = append(element, "th", label)
  title.scope = "row"
  for (const factor of factors ?? []) append(element, "td", plain(factor))
  const cell = append(element, "td", text)
  if (!factors && body.parentNode.tHead?.rows[0].cells.length === 4) title.colSpan = 3
  if (!bar) return
  const share = append(append(element, "td", "", "bar"), "i", "", value < 0 ? "below" : "above")
  share.style.width = `${(100 * Math.abs(value)) / most}%`
}

function square(root, title, numbers, inside, side, range, colours) {
  const figure = append(root, "figure", "", "square")
  append(figure, "figcaption", title)
  const cells = append(figure, "div", "", "cells")
  cells.style.setProperty("--side", side)
  numbers.forEach((value, index) => {
    const outside = inside && !inside[index]
    const cell = append(cells, "span", short(value, side > 3 ? 2 : 3), outside ? "outside" : "")
    if (outside) return
    const [red, green, blue] = colour(value, range, colours)
    cell.style.background = `rgb(${red},${green},${blue})`
    cell.style.color = 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000" : "#fff"
  })
}

function sign(root, text) {
  append(root, "span", text, "sign")
}

function even(numbers) {
  const most = Math.max(...numbers.filter(Number.isFinite).map(Math.abs), 1e-30)
  return [-most, most]
}

function append(parent, tag, text = "", kind = "") {
  const element = document.createElement(tag)
  if (kind) element.className = kind
  if (text) element.textContent = text
  parent.append(element)
  return element
}
