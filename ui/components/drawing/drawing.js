// The network drawing: keeps what it was sent, draws it to the width it has, and says what is clicked.

const version = new URL(import.meta.url).search
const { layout } = await import("./layout.js" + version)
const { draw } = await import("./picture.js" + version)
const { inside } = await import("./inside.js" + version)
const { play } = await import("./pass.js" + version)

const drawings = new WeakMap()

// Called by Streamlit for the first time and after every rerun.
export function show({ data, parentElement, setStateValue }) {
  if (!drawings.has(parentElement)) drawings.set(parentElement, new Drawing(parentElement))
  drawings.get(parentElement).receive(data, setStateValue)
}

class Drawing {
  constructor(parent) {
    this.root = parent.querySelector(".drawing")
    const link = document.createElement("link")
    link.rel = "stylesheet"
    link.href = new URL("./drawing.css" + version, import.meta.url)
    link.onload = () => this.draw()
    parent.prepend(link)
    const bar = this.add(this.root, "div", "bar")
    this.playing = this.add(bar, "button")
    this.playing.type = "button"
    this.playing.addEventListener("click", () => this.play())
    this.legend = this.add(bar, "div", "legend")
    this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
    this.root.append(this.svg)
    this.line = this.add(this.root, "p", "told")
    this.line.setAttribute("aria-live", "polite")
    this.hint = this.add(this.root, "p", "hint")
    this.inside = this.add(this.root, "section", "inside")
    this.svg.addEventListener("click", (event) => this.act(event.target))
    this.svg.addEventListener("keydown", (event) => this.key(event))
    this.svg.addEventListener("pointerover", (event) => this.point(event.target))
    this.svg.addEventListener("pointerleave", () => this.tell())
    this.svg.addEventListener("focusin", (event) => this.point(event.target))
    new ResizeObserver(() => this.width !== this.root.clientWidth && this.draw()).observe(this.root)
  }

  receive(data, setStateValue) {
    this.data = data
    this.say = setStateValue
    this.block = data.block
    this.cuts = new Set(data.cut.map(([stage, block]) => `stages.${stage}.${block}`))
    this.draw()
  }

  draw() {
    if (!this.data) return
    const { nodes, words, legend } = this.data
    this.width = this.root.clientWidth
    if (!this.width) return
    const held = this.held()
    const placed = layout(nodes, this.width)
    this.drawn = draw(this.svg, nodes, placed, { ...this.data, block: this.block, cuts: this.cuts })
    this.playing.textContent = words.play
    this.hint.textContent = this.data.canCut ? words.toggle : words.open
    const [low, strip, high] = ["span", "i", "span"].map((tag) => document.createElement(tag))
    low.textContent = `${legend.title}: ${legend.low}`
    high.textContent = legend.high
    strip.style.background = `linear-gradient(to right, ${legend.colours.join(",")})`
    this.legend.replaceChildren(low, strip, high)
    const node = this.node(this.block)
    if (node) inside(this.inside, node, this.cuts.has(node.id), words)
    this.tell()
    if (held) this.svg.querySelector(held)?.focus()
  }

  // The element that has the focus, as a selector that finds it again after a redraw.
  held() {
    const element = this.root.getRootNode().activeElement
    if (!element || !this.svg.contains(element)) return ""
    return element.dataset.skip ? `[data-skip="${element.dataset.skip}"]` : `[data-id="${element.dataset.id}"]`
  }

  act(target) {
    const skip = target.closest("[data-skip]")
    const block = target.closest("[data-id]")
    if (skip) this.cut(skip.dataset.skip)
    else if (block) this.open(block.dataset.id)
  }

  open(id) {
    this.block = id
    this.draw()
    this.say("block", id)
  }

  cut(id) {
    if (!this.cuts.delete(id)) this.cuts.add(id)
    this.draw()
    this.say("cut", [...this.cuts].map((name) => name.split(".").slice(1).map(Number)))
  }

  key(event) {
    const skip = event.target.closest("[data-skip]")
    const id = skip ? skip.dataset.skip : event.target.closest("[data-id]")?.dataset.id
    if (!id) return
    const ids = this.data.nodes.map((node) => node.id)
    const to = { ArrowLeft: -1, ArrowRight: 1, Home: -ids.length, End: ids.length }[event.key]
    if (event.key === "Enter" || event.key === " ") this.act(event.target)
    else if (to) this.svg.querySelector(`[data-id="${ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(id) + to))]}"]`).focus()
    else if (event.key === "ArrowUp") this.svg.querySelector(`[data-skip="${id}"]`)?.focus()
    else if (event.key === "ArrowDown") this.svg.querySelector(`[data-id="${id}"]`).focus()
    else return
    event.preventDefault()
  }

  point(target) {
    const part = target.closest("[data-id], .skip")
    if (part) this.tell(part.getAttribute("aria-label"))
  }

  tell(words = this.node(this.block)?.text ?? "") {
    if (this.line.textContent !== words) this.line.textContent = words
  }

  async play() {
    this.playing.disabled = true
    await play(this.drawn.boxes, this.drawn.skips, this.data.words, (words) => this.tell(words))
    this.playing.disabled = false
    this.tell()
  }

  node(id) {
    return this.data.nodes.find((node) => node.id === id)
  }

  add(parent, tag, kind = "") {
    const element = document.createElement(tag)
    if (kind) element.className = kind
    parent.append(element)
    return element
  }
}
