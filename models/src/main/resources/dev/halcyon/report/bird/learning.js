/** The time of a run: what the network answered, how often it was right, and what its first floor looked for. */
import uPlot from './uplot.js';
import { Bands } from './bands.js';
import { byId, setText } from './dom.js';
import { number, percent } from './format.js';
import { filterCanvases } from './maps.js';

const FRAME_MILLIS = 450;
const HEIGHT = 170;

/** The rails of each picture at an entry of the diary. */
export function rails(entry, truths) {
  return entry.answers.map((answer, i) => ({ truth: truths[i], rails: [...answer.entries()] }));
}

export class Learning {
  #diary;
  #classes;
  #truths;
  #bands;
  #chart;
  #timer = 0;

  constructor(diary, pictures, classes, handFilters) {
    this.#diary = diary;
    this.#classes = classes;
    this.#truths = pictures.map(({ name }) => classes.indexOf(name));
    this.#bands = new Bands(byId('bands'), number => pictures[number].picture);
    byId('filters-hand').replaceChildren(...filterCanvases(handFilters));
    const slider = byId('time');
    slider.max = String(diary.length - 1);
    slider.value = '0';
    slider.addEventListener('input', () => {
      this.#stop();
      this.#show();
    });
    byId('play').addEventListener('click', () => this.#timer ? this.#stop() : this.#play());
    this.#makeChart();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#makeChart());
    new ResizeObserver(() => this.#chart.setSize({ width: this.#width(), height: HEIGHT })).observe(byId('curve'));
    this.#show();
  }

  #width() {
    return Math.max(200, byId('curve').clientWidth);
  }

  /** Entries stand side by side, however many steps lie between them. */
  #makeChart() {
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(name).trim();
    const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    this.#chart?.destroy();
    this.#chart = new uPlot({
      width: this.#width(), height: HEIGHT, legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false }, y: { range: [0, 1] } },
      series: [{}, { stroke: color('--accent'), width: 2, points: { show: true, size: 6 } }],
      axes: [{ ...axis, size: 28, values: (_, places) => places.map(place => this.#diary[place]?.step ?? '') },
        { ...axis, size: 44, values: (_, places) => places.map(place => percent(place).replace('.0', '')) }],
      hooks: { draw: [chart => this.#mark(chart, color('--pull'))] },
    }, [this.#diary.map((_, i) => i), this.#diary.map(({ right }) => right)], byId('curve'));
  }

  #mark(chart, color) {
    const x = chart.valToPos(Number(byId('time').value), 'x', true);
    chart.ctx.strokeStyle = color;
    chart.ctx.lineWidth = 2 * devicePixelRatio;
    chart.ctx.beginPath();
    chart.ctx.moveTo(x, chart.bbox.top);
    chart.ctx.lineTo(x, chart.bbox.top + chart.bbox.height);
    chart.ctx.stroke();
  }

  #show() {
    const entry = this.#diary[Number(byId('time').value)];
    setText(byId('steps'), number(entry.step));
    byId('time').setAttribute('aria-valuetext', `${entry.step} steps`);
    setText(byId('learned-facts'), `After ${number(entry.step)} steps: right in ${percent(entry.right)} of fresh pictures, loss ${number(entry.loss)}.`);
    byId('filters-learned').replaceChildren(...filterCanvases(entry.filters));
    this.#bands.show(rails(entry, this.#truths), this.#classes);
    this.#chart.redraw(false);
  }

  #play() {
    const slider = byId('time');
    if (slider.value === slider.max) {
      slider.value = '0';
    }
    setText(byId('play'), 'Stop');
    this.#show();
    this.#timer = setInterval(() => {
      slider.value = String(Number(slider.value) + 1);
      this.#show();
      if (slider.value === slider.max) {
        this.#stop();
      }
    }, FRAME_MILLIS);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    setText(byId('play'), 'Play');
  }
}
