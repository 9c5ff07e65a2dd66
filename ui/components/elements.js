// What every component makes its page of. Words and numbers only ever become text nodes.

export const version = new URL(import.meta.url).search

// An element of HTML below `parent`.
export function add(parent, tag, kind = "", text = "") {
  const element = document.createElement(tag)
  if (kind) element.className = kind
  if (text) element.textContent = text
  parent.append(element)
  return element
}

// A button that says what it does. It submits nothing.
export function button(parent, text, act) {
  const element = add(parent, "button", "", text)
  element.type = "button"
  element.addEventListener("click", act)
  return element
}

// The style sheets of a component, in order; resolves when all are there or have failed.
export function style(parent, ...addresses) {
  const links = addresses.map((address) => {
    const link = document.createElement("link")
    link.rel = "stylesheet"
    link.href = address + version
    return link
  })
  const ready = links.map((link) => new Promise((resolve) => (link.onload = link.onerror = resolve)))
  parent.prepend(...links)
  return Promise.all(ready)
}
