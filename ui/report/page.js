// Draws every figure as a picture of lines and letters, which scales with the paper. Nothing is fetched.
const unpacked = async () => {
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (sign) => sign.charCodeAt(0))
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text()
}
const draw = async () => {
  const pictures = [...document.querySelectorAll("img[data-figure]")]
  if (pictures.length) {
    const script = document.createElement("script")
    script.textContent = await unpacked()
    document.head.append(script)
  }
  for (const picture of pictures) {
    const { data, layout } = JSON.parse(document.getElementById(picture.dataset.figure).textContent)
    const [width, height] = [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))]
    const config = { staticPlot: true }
    picture.src = await Plotly.toImage({ data, layout, config }, { format: "svg", width, height })
    await picture.decode()
  }
  document.documentElement.dataset.drawn = pictures.length
}
draw().catch(() => document.documentElement.classList.add("undrawn"))
