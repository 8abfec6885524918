/**
 * A picture that moves, to try everything with when there is no camera at hand: things come and go, a clock
 * runs. Ends when the stream is stopped.
 */
export function testPattern(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const begun = performance.now();
  const draw = (): void => {
    drawPattern(canvas, (performance.now() - begun) / 1000);
  };
  draw();
  const stream = canvas.captureStream(fps);
  const timer = setInterval(() => {
    if (stream.active) draw();
    else clearInterval(timer);
  }, 1000 / fps);
  return stream;
}

const fps = 10;

/**
 * Things that the bundled model knows; each stays for a while, then there is nothing, then the next one
 * comes.
 */
const things = ['🚌', '🐈', '⚽', '🎂', '🏍️', '🐎'];
const stays = 5;
const away = 2;
const places = [0.25, 0.5, 0.75];

function drawPattern(canvas: HTMLCanvasElement, seconds: number): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.fillStyle = '#a8c6ea';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#63646b';
  context.fillRect(0, height * 0.78, width, height * 0.22);
  drawBars(context, width);
  const turn = Math.floor(seconds / (stays + away));
  if (seconds % (stays + away) < stays) drawThing(context, canvas, turn);
  context.fillStyle = '#ffffff';
  context.font = '600 26px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(`Test pattern  ${seconds.toFixed(1)} s`, width / 2, 44);
}

function drawThing(
  context: CanvasRenderingContext2D,
  { width, height }: HTMLCanvasElement,
  turn: number,
): void {
  context.font = `${Math.round(height * 0.36)}px 'Noto Color Emoji', 'Apple Color Emoji', 'Segoe UI Emoji', sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const place = places[turn % places.length] ?? 0.5;
  context.fillText(things[turn % things.length] ?? '', width * place, height * 0.74);
}

function drawBars(context: CanvasRenderingContext2D, width: number): void {
  const colours = ['#ffffff', '#f2e35c', '#58d6e8', '#5fd96b', '#dd67d8', '#e2554c', '#4a66df'];
  const bar = width / colours.length;
  for (const [index, colour] of colours.entries()) {
    context.fillStyle = colour;
    context.fillRect(index * bar, 0, Math.ceil(bar), 22);
  }
}
