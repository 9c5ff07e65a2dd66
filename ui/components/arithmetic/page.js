// The component's elements: made once, filled with what is chosen.

export function build(root) {
  const controls = add(root, "div", "controls")
  const output = slider(controls, "choose")
  const input = slider(controls, "chooseInput")
  const largest = add(input.label, "button", "largest")
  largest.type = "button"
  const hint = add(root, "p", "note")
  const maps = add(root, "div", "maps")
  const overview = add(maps, "div", "overview")
  const views = {
    picture: view(overview, "picture"),
    channels: view(overview, "channels"),
    input: view(maps, "input"),
    branch: view(maps, "branch"),
    output: view(maps, "output"),
  }
  const did = add(root, "p", "did")
  const verdict = add(root, "p", "verdict")
  const work = add(root, "div", "work")
  const squares = add(work, "div", "squares")
  const table = add(work, "table", "ledger")
  const spoken = add(root, "p", "spoken")
  spoken.setAttribute("aria-live", "polite")
  const map = views.output.canvas
  map.tabIndex = 0
  map.setAttribute("role", "slider")
  return { output, input, largest, views, hint, did, verdict, squares, table, spoken, map }
}

function slider(parent, name) {
  const label = add(parent, "label", name)
  const title = add(label, "span")
  const range = add(label, "input")
  range.type = "range"
  range.min = 1
  return { label, title, range }
}

function view(parent, name) {
  const figure = add(parent, "figure", name)
  const caption = add(figure, "figcaption")
  const canvas = add(figure, "canvas")
  canvas.setAttribute("role", "img")
  return { figure, canvas, caption, key: add(figure, "div", "key") }
}

// A title for the eye and for the ear, and the colours' ends.
export function entitle({ canvas, caption, key }, text, range, colours, show) {
  if (caption.textContent !== text) caption.textContent = text
  if (canvas.getAttribute("role") === "img") canvas.setAttribute("aria-label", text)
  if (!range) return
  const ramp = range[0] < 0 ? colours.signed : colours.magnitude
  const steps = ramp.filter((_, index) => index % 7 === 0).map((colour) => `rgb(${colour.join(",")})`)
  const [low, strip, high] = ["span", "i", "span"].map((tag) => document.createElement(tag))
  low.textContent = show(range[0])
  high.textContent = show(range[1])
  strip.style.background = `linear-gradient(to right, ${steps.join(",")})`
  key.replaceChildren(low, strip, high)
}

export function add(parent, tag, kind = "") {
  const element = document.createElement(tag)
  if (kind) element.className = kind
  parent.append(element)
  return element
}
