// One forward and one backward pass, shown once on request. Who asked for less motion reads it instead.

const WHOLE = 2200 // ms for one direction
const still = window.matchMedia("(prefers-reduced-motion: reduce)")

export async function play(boxes, skips, words, tell) {
  const plain = skips.every((skip) => !skip || skip.classList.contains("cut"))
  tell(plain ? words.forwardPlain : words.forward)
  await walk(boxes, skips, "forward")
  tell(plain ? words.backwardPlain : words.backward)
  await walk([...boxes].reverse(), [...skips].reverse(), "backward")
}

async function walk(boxes, skips, kind) {
  const pause = WHOLE / boxes.length
  if (still.matches) {
    await wait(WHOLE)
    return
  }
  for (let place = 0; place < boxes.length; place++) {
    boxes[place].classList.add(kind)
    if (skips[place] && !skips[place].classList.contains("cut")) skips[place].classList.add(kind)
    await wait(pause)
    boxes[Math.max(0, place - 1)].classList.remove(kind)
    skips[Math.max(0, place - 1)]?.classList.remove(kind)
  }
  await wait(pause)
  for (const element of [...boxes, ...skips]) element?.classList.remove(kind)
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
