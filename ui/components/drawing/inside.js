// What is inside the open block: its layers in order, and the shortcut that goes around them.

const { add } = await import("../elements.js" + new URL(import.meta.url).search)

export function inside(root, node, cut, words) {
  root.replaceChildren()
  add(root, "div", "title", words.inside.replace("{block}", node.label))
  const chain = add(root, "div", "chain")
  const end = node.parts.findIndex((part) => part.kind === "add")
  const branch = node.parts.filter((part, index) => !part.aside && (end < 0 || index < end))
  const after = end < 0 ? [] : node.parts.slice(end)
  const aside = node.parts.filter((part) => part.aside)
  if (node.shortcut) {
    const loop = add(chain, "div", cut ? "loop cut" : "loop")
    const over = add(loop, "div", "over")
    add(over, "span", "kind", words.past.replace("{kind}", words[cut ? "cut" : node.shortcut]))
    if (!cut) for (const part of aside) chip(over, part)
    const under = add(loop, "div", "under")
    add(under, "span", "kind", words.branch)
    for (const part of branch) chip(under, part)
  } else for (const part of branch) chip(chain, part)
  for (const part of after) if (part.kind !== "add" || (node.shortcut && !cut)) chip(chain, part)
}

function chip(parent, part) {
  const element = add(parent, "div", `chip ${part.kind}`)
  add(element, "b", "", part.title)
  if (part.kind === "add") return
  add(element, "span", "", part.out)
  if (part.weights) add(element, "span", "", part.weights)
}
