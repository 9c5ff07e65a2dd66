// The network drawing: keeps what it was sent, draws it to the width it has, and says what is clicked.

const version = new URL(import.meta.url).search
const { add, button, style } = await import("../elements.js" + version)
const { layout } = await import("./layout.js" + version)
const { draw } = await import("./picture.js" + version)
const { inside } = await import("./inside.js" + version)
const { play } = await import("./pass.js" + version)

const drawings = new WeakMap()

// Called by Streamlit for the first time and after every rerun.
export function show({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!drawings.has(parentElement)) drawings.set(parentElement, new Drawing(parentElement))
  drawings.get(parentElement).receive(data, setStateValue, setTriggerValue)
}

class Drawing {
  constructor(parent) {
    this.root = parent.querySelector(".drawing")
    const sheets = ["../buttons.css", "./drawing.css"].map((name) => new URL(name, import.meta.url).href)
    style(parent, ...sheets).then(() => this.draw())
    this.bar = add(this.root, "div", "bar")
    this.playing = button(this.bar, "", () => this.play())
    this.legend = add(this.bar, "div", "legend")
    this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
    this.root.append(this.svg)
    this.foot = add(this.root, "div", "foot")
    this.line = add(this.foot, "p", "told")
    this.line.setAttribute("aria-live", "polite")
    this.hint = add(this.root, "p", "hint")
    this.inside = add(this.root, "section", "inside")
    this.svg.addEventListener("click", (event) => this.act(event.target))
    this.svg.addEventListener("keydown", (event) => this.key(event))
    this.svg.addEventListener("pointerover", (event) => this.point(event.target))
    this.svg.addEventListener("pointerleave", () => this.tell())
    this.svg.addEventListener("focusin", (event) => this.point(event.target))
    new ResizeObserver(() => this.width !== this.root.clientWidth && this.draw()).observe(this.root)
  }

  receive(data, setStateValue, setTriggerValue) {
    this.data = data
    this.say = setStateValue
    this.ask = setTriggerValue
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
    const { picks } = this.data
    this.root.classList.toggle("small", Boolean(picks))
    const place = picks ? this.foot : this.bar
    if (this.legend.parentElement !== place) place.append(this.legend)
    const placed = layout(nodes, this.width, Boolean(picks))
    this.drawn = draw(this.svg, nodes, placed, { ...this.data, block: this.block, cuts: this.cuts })
    this.playing.textContent = words.play
    this.hint.textContent = picks ? "" : this.data.canCut ? words.toggle : words.open
    const [low, strip, high] = ["span", "i", "span"].map((tag) => document.createElement(tag))
    low.textContent = `${legend.title}: ${legend.low}`
    high.textContent = legend.high
    strip.style.background = `linear-gradient(to right, ${legend.colours.join(",")})`
    this.legend.replaceChildren(low, strip, high)
    const node = this.node(this.block)
    if (node && !picks) inside(this.inside, node, this.cuts.has(node.id), words)
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
    const { picks } = this.data
    if (picks && !picks.includes(id)) return
    this.block = id
    this.draw()
    if (picks) this.ask("picked", id)
    else this.say("block", id)
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
    if (part) this.tell(this.short(part.dataset.id) || part.getAttribute("aria-label"))
  }

  // What is said of a block where there is little room.
  short(id) {
    return this.data.picks ? this.node(id)?.brief : ""
  }

  tell(words = this.short(this.block) || (this.node(this.block)?.text ?? (this.data.picks?.length ? this.data.words.pick : ""))) {
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
}
