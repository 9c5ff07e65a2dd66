// One pixel by hand: keeps the layer it was sent, follows pointer and keys, and shows what makes the pixel.

const version = new URL(import.meta.url).search
const { build } = await import("./page.js" + version)
const { fill, open } = await import("./numbers.js" + version)
const { photograph } = await import("./maps.js" + version)
const { views } = await import("./views.js" + version)
const { ranked, sentences, squares, table } = await import("./ledger.js" + version)
const { workOut } = await import("./sums.js" + version)

const QUIET = 700 // milliseconds of rest before a pixel is read out, and kept in the link
const STEPS = {
  ArrowLeft: [0, 0, -1],
  ArrowRight: [0, 0, 1],
  ArrowUp: [0, -1, 0],
  ArrowDown: [0, 1, 0],
  Home: [0, 0, -Infinity],
  End: [0, 0, Infinity],
  PageUp: [-1, 0, 0],
  PageDown: [1, 0, 0],
}
const arithmetics = new WeakMap()

// Called by Streamlit for the first time and after every rerun.
export function show({ data, parentElement, setStateValue }) {
  if (!arithmetics.has(parentElement)) arithmetics.set(parentElement, new Arithmetic(parentElement))
  arithmetics.get(parentElement).receive(data, setStateValue)
}

class Arithmetic {
  constructor(parent) {
    this.root = parent.querySelector(".arithmetic")
    const link = document.createElement("link")
    link.rel = "stylesheet"
    link.href = new URL("./arithmetic.css" + version, import.meta.url)
    link.onload = () => this.draw()
    parent.prepend(link)
    this.page = build(this.root)
    const { map, output, input, largest, views } = this.page
    map.addEventListener("pointermove", (event) => this.point(event, event.buttons > 0))
    map.addEventListener("pointerdown", (event) => this.point(event, true))
    map.addEventListener("pointerleave", () => this.go(this.kept))
    map.addEventListener("keydown", (event) => this.key(event))
    output.range.addEventListener("input", () => this.go([output.range.value - 1, ...this.kept.slice(1)], true))
    input.range.addEventListener("input", () => this.choose(input.range.value - 1))
    largest.addEventListener("click", () => this.choose(null))
    views.channels.canvas.addEventListener("click", (event) => this.choose(this.channelAt?.(event.offsetX, event.offsetY) ?? null))
    new ResizeObserver(() => this.width !== this.root.clientWidth && this.draw()).observe(this.root)
  }

  receive(data, setStateValue) {
    this.send = setStateValue
    const known = this.data?.id === data.id
    this.data = data
    if (!known) {
      this.layer = open(data)
      this.layer.photo = photograph(data.picture)
      this.layer.small = []
      this.chosen = null
      this.place = this.kept = this.sent?.id === data.id ? this.sent.place : data.first // as the server has it
      this.unsent = null
    }
    this.draw()
  }

  // The pixel below the pointer; a press keeps it.
  point(event, press = false) {
    const { output } = this.layer
    const box = this.page.map.getBoundingClientRect()
    const row = Math.floor(((event.clientY - box.top) / box.height) * output.height)
    const column = Math.floor(((event.clientX - box.left) / box.width) * output.width)
    this.go([this.place[0], row, column], press)
  }

  key(event) {
    const step = STEPS[event.key]
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    this.go(this.kept.map((part, index) => part + step[index]), true)
  }

  go(place, keeps = false) {
    const { channels, height, width } = this.layer.output
    this.place = [channels, height, width].map((most, index) => Math.min(most - 1, Math.max(0, Math.round(place[index]))))
    if (keeps) this.kept = this.unsent = this.place
    clearTimeout(this.resting)
    this.resting = setTimeout(() => this.rest(), QUIET)
    this.frame ??= requestAnimationFrame(() => this.draw())
  }

  rest() {
    this.page.spoken.textContent = [this.page.did, this.page.verdict].map((line) => line.textContent).join(" ")
    if (this.unsent) this.send("kept", (this.sent = { id: this.data.id, place: this.unsent }))
    this.unsent = null
  }

  // Look at one input channel; null: at the one that adds most.
  choose(channel) {
    this.chosen = channel
    this.draw()
  }

  draw() {
    cancelAnimationFrame(this.frame)
    this.frame = undefined
    this.width = this.root.clientWidth
    if (!this.data || !this.width) return
    const { layer, place, data: { words, colours }, page } = this
    const found = workOut(layer, place)
    const part = (this.chosen !== null && found.parts?.find((one) => one.channel === this.chosen)) || ranked(found)[0]
    const seen = part ? part.channel : place[0]
    this.controls(found, seen)
    this.root.dataset.kind = layer.kind
    const ranges = views(this, found, seen)
    const [did, verdict] = sentences(layer, found, place, words)
    page.did.textContent = did
    page.verdict.textContent = verdict
    squares(page.squares, layer, found, part, ranges.input, colours, words)
    table(page.table, layer, found, part, this.data)
  }

  controls(found, seen) {
    const { layer, data: { words, outputs }, page, place } = this
    const sent = layer.output.channels
    page.output.title.textContent = words.choose
    page.output.range.max = sent
    page.output.range.value = place[0] + 1
    page.input.label.hidden = (found.parts?.length ?? 1) < 2
    page.input.title.textContent = words.chooseInput
    page.input.range.min = (found.parts?.[0].channel ?? 0) + 1
    page.input.range.max = (found.parts?.at(-1).channel ?? 0) + 1
    page.input.range.value = seen + 1
    page.largest.textContent = words.largest
    page.largest.setAttribute("aria-pressed", this.chosen === null)
    page.hint.textContent = [words.hint, words.scale, sent < outputs ? fill(words.outputLimit, { sent, count: outputs }) : ""].join(" ")
  }
}
