// The page's language, and what Streamlit leaves undone for those who listen to a page or go through it by keyboard.

const WIDE = ".katex-display, [data-testid=stCode] pre, [data-testid=stTable] > div"
const WAIT = 250 // ms from a change to the mending
// Safari has no idle callbacks.
const whenIdle = window.requestIdleCallback?.bind(window) ?? ((work) => setTimeout(work, 500))
let watches = false
let due = 0

// Called by Streamlit for the first time and after every rerun.
export function show({ data }) {
  document.documentElement.lang = data.lang
  if (watches) return
  watches = true
  mend()
  new MutationObserver(mendSoon).observe(document.body, { childList: true, subtree: true })
  addEventListener("resize", mendSoon)
  if (data.soon) whenIdle(() => ahead(new URL("../../../" + data.soon, import.meta.url)))
}

// What fails here is fetched again when it is needed, and complained about then.
function ahead(script) {
  import(script).catch(() => {})
}

function mendSoon() {
  due ||= setTimeout(mend, WAIT)
}

function mend() {
  due = 0
  // Sections of the contents are <div> with <li> inside, within one <ul>: to a screen reader, no list at all.
  for (const section of document.querySelectorAll("[data-testid=stSidebarNavItems] > div")) {
    section.setAttribute("role", "listitem")
    for (const page of section.querySelectorAll("li")) page.setAttribute("role", "none")
  }
  // What scrolls sideways has to be reached before arrow keys can scroll it.
  for (const wide of document.querySelectorAll(WIDE)) {
    if (wide.scrollWidth > wide.clientWidth || wide.scrollHeight > wide.clientHeight) wide.tabIndex = 0
    else wide.removeAttribute("tabindex")
  }
}
