// The monitor's elements: made once, filled with text, and arranged by the width they are given.

const { add, button } = await import("../elements.js" + new URL(import.meta.url).search)
const { MEAN_OF } = await import("./curves.js" + new URL(import.meta.url).search)
const { fill } = await import("./paint.js" + new URL(import.meta.url).search)

const NARROW = 700 // CSS pixels below which the two charts stand one above the other
const NETWORK = 250 // CSS pixels that a network's pictures need

export function build(root, head, onToggle) {
  const { words } = head
  root.replaceChildren()
  const cards = add(root, "div", "cards")
  const results = head.networks.map((network) => card(cards, network))
  const charts = add(root, "div", "curves")
  const left = add(charts, "div")
  const lossTitle = add(left, "div", "title", words.loss)
  const log = button(lossTitle, words.logScale, onToggle)
  const loss = picture(left)
  const right = add(charts, "div")
  add(right, "div", "title", words.accuracy)
  const accuracy = picture(right)
  add(root, "p", "note", fill(words.curvesNote, { count: MEAN_OF * head.bin }))
  const title = add(root, "div", "title", words.gradients)
  const legend = picture(add(title, "div", "legend"))
  legend.setAttribute("aria-hidden", "true")
  const row = add(root, "div", "networks")
  const networks = head.networks.map((network) => section(row, network))
  const spoken = add(root, "p", "spoken")
  spoken.setAttribute("aria-live", "polite")
  return { log, loss, accuracy, legend, networks, spoken, arrange, report, describe }

  function arrange(width) {
    const count = head.networks.length
    const fit = Math.max(1, Math.min(count, Math.floor(width / NETWORK)))
    const across = count === 4 && fit === 3 ? 2 : fit
    row.style.setProperty("--across", across)
    cards.style.setProperty("--across", Math.min(count, Math.max(across, width < 520 ? 2 : count)))
    charts.style.setProperty("--charts", width < NARROW ? 1 : 2)
  }

  function report(index, result, right) {
    set(results[index].result, result)
    set(results[index].right, right)
  }

  function describe(run, results, step, edgesOf) {
    const values = { results, step, steps: head.steps }
    loss.setAttribute("aria-label", fill(words.curveAlt, { ...values, title: words.loss }))
    accuracy.setAttribute("aria-label", fill(words.curveAlt, { ...values, title: words.accuracy }))
    run.networks.forEach((network, index) => {
      const { label, maps } = network
      const edges = edgesOf(network)
      if (edges) networks[index].heat.setAttribute("aria-label", fill(words.heatAlt, { label, ...edges, step: network.step }))
      if (!maps) return
      const count = Math.max(...maps.layers.map((layer) => layer.shape[0]))
      const values = { label, count, stages: maps.layers.length, step: maps.step }
      networks[index].maps.setAttribute("aria-label", fill(words.mapsAlt, values))
    })
  }
}

function card(parent, network) {
  const element = add(parent, "div", "card")
  name(element, network)
  const numbers = add(element, "div", "result")
  return { result: add(numbers, "span"), right: add(numbers, "small") }
}

function section(parent, network) {
  const element = add(parent, "section", "network")
  name(element, network)
  return { heat: picture(element), maps: picture(element), note: add(element, "p", "note") }
}

function name(parent, network) {
  const element = add(parent, "div", "name")
  const line = add(element, "span", `line ${network.dash}`)
  line.style.borderTopColor = network.colour
  add(element, "span", "", network.label)
}

function picture(parent) {
  const canvas = add(parent, "canvas")
  canvas.setAttribute("role", "img")
  return canvas
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text
}
