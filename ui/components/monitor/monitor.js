// The live monitor: keeps what it was sent, and draws it again whenever more comes. Words and numbers only ever become
// text nodes; nothing that was sent is read as HTML.

const version = new URL(import.meta.url).search
const { style } = await import("../elements.js" + version)
const { bytes, fill, floats, percent, plain } = await import("./paint.js" + version)
const curves = await import("./curves.js" + version)
const layers = await import("./layers.js" + version)
const maps = await import("./maps.js" + version)
const { build } = await import("./page.js" + version)

const ASK_AGAIN = 1500 // ms before the whole run is asked for once more
const ALT_EVERY = 4000 // ms between two changes of a picture's description
const SPEAK_EVERY = 12000 // ms between two sentences for a screen reader
const monitors = new WeakMap()

// Called by Streamlit for the first time and at every refresh.
export function show({ data, parentElement, setTriggerValue }) {
  if (!monitors.has(parentElement)) monitors.set(parentElement, new Monitor(parentElement))
  monitors.get(parentElement).receive(data, setTriggerValue)
}

class Monitor {
  constructor(parent) {
    this.root = parent.querySelector(".monitor")
    this.run = null
    this.log = false
    this.asked = this.described = this.spoke = 0
    this.root.style.visibility = "hidden" // before its style is there nothing is shown
    const sheets = ["../buttons.css", "./monitor.css"].map((name) => new URL(name, import.meta.url).href)
    this.ready = style(parent, ...sheets).then(() => (this.root.style.visibility = ""))
    new ResizeObserver(() => this.draw()).observe(this.root)
    this.root.addEventListener("transitionend", () => this.draw())
    window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener("change", () => this.draw())
  }

  receive(data, setTriggerValue) {
    if (data.head) this.begin(data.head)
    const complete = this.run !== null && data.networks.every((sent, index) => this.take(sent, index))
    if (!complete && Date.now() - this.asked > ASK_AGAIN) {
      this.asked = Date.now()
      setTriggerValue("incomplete", this.asked)
    }
    this.draw()
  }

  begin(head) {
    const networks = head.networks.map((network) => ({
      ...network,
      columns: 0,
      step: 0,
      diverged: 0,
      loss: new Float32Array(0),
      accuracy: new Float32Array(0),
      heat: new Uint8Array(0),
      tests: [],
      maps: null,
    }))
    this.run = { head, networks }
    const shape = JSON.stringify([head.words, head.networks])
    if (shape !== this.shape) this.view = build(this.root, head, () => this.toggleLog())
    this.shape = shape
  }

  // Add what was sent behind what is there. False if something in between is missing.
  take(sent, index) {
    const network = this.run.networks[index]
    if (sent.maps) network.maps = maps.unpackMaps(sent.maps)
    if (!sent.count) return true
    if (sent.first > network.columns) return false
    network.loss = joined(network.loss, sent.first, floats(sent.loss))
    network.accuracy = joined(network.accuracy, sent.first, floats(sent.accuracy))
    network.heat = joined(network.heat, sent.first * network.layers, bytes(sent.heat))
    network.columns = network.loss.length
    network.step = Math.max(network.step, sent.step)
    network.diverged ||= sent.diverged
    const known = new Set(sent.tests.map(([step]) => step))
    network.tests = [...network.tests.filter(([step]) => !known.has(step)), ...sent.tests]
    return true
  }

  toggleLog() {
    this.log = !this.log
    this.draw()
  }

  // Draw at most once per frame, and only what can be seen.
  draw() {
    if (!this.run || this.waiting) return
    this.waiting = true
    this.ready.then(() =>
      requestAnimationFrame(() => {
        this.waiting = false
        if (this.root.isConnected && this.root.clientWidth) this.paint()
      })
    )
  }

  paint() {
    const { run, view, root } = this
    const width = root.clientWidth
    const style = getComputedStyle(root)
    const look = { text: style.color, family: style.fontFamily, size: width < 520 ? 14 : 16 }
    view.arrange(width)
    run.networks.forEach((network, index) => view.report(index, curves.resultOf(network, run.head.words), accuracyOf(network, run)))
    view.log.setAttribute("aria-pressed", String(this.log))
    curves.drawLoss(view.loss, view.loss.clientWidth, run, look, this.log)
    curves.drawAccuracy(view.accuracy, view.accuracy.clientWidth, run, look)
    layers.drawLegend(view.legend, view.legend.clientWidth, run, look)
    run.networks.forEach((network, index) => {
      const part = view.networks[index]
      layers.drawLayers(part.heat, part.heat.clientWidth, network, run, look)
      maps.drawMaps(part.maps, part.maps.clientWidth, network, run, look)
      part.note.textContent = mapsNote(network, run)
    })
    this.describe()
  }

  // Words for those who do not see the pictures, changed slowly enough to be read.
  describe() {
    const { head, networks } = this.run
    const step = Math.max(...networks.map((network) => network.step))
    const now = Date.now()
    const ended = networks.every((network) => network.diverged || network.step >= head.steps)
    const results = networks.map((network) => `${network.label}: ${curves.resultOf(network, head.words)}`).join("; ")
    if (now - this.described > ALT_EVERY || ended) {
      this.described = now
      this.view.describe(this.run, results, step, (network) => layers.edges(network, head.limits))
    }
    if (now - this.spoke > SPEAK_EVERY || (ended && !this.saidEnd)) {
      this.spoke = now
      this.saidEnd = ended
      this.view.spoken.textContent = fill(head.words.spoken, { step, steps: head.steps, results })
    }
  }
}

function joined(known, first, sent) {
  const whole = new known.constructor(Math.max(known.length, first + sent.length))
  whole.set(known)
  whole.set(sent, first)
  return whole
}

function accuracyOf(network, run) {
  if (network.diverged || !network.accuracy.length) return ""
  return fill(run.head.words.accuracyNow, { value: percent(curves.lastMean(network.accuracy)) })
}

function mapsNote(network, run) {
  if (!network.maps) return ""
  const count = Math.max(...network.maps.layers.map((layer) => layer.shape[0]))
  return fill(run.head.words.maps, { name: run.head.sampleClass, count, step: network.maps.step })
}
