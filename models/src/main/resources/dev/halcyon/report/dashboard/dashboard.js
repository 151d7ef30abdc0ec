/** Follows a training run: listens to the server's events and hands them to the parts of the page. */
import { Bands } from './bands.js';
import { Confusion } from './confusion.js';
import { Controls } from './controls.js';
import { Curves, showEpochs } from './curves.js';
import { byId, setText } from './dom.js';
import { showFilters } from './filters.js';
import { Layers } from './layers.js';

const OVER = ['finished', 'stopped', 'failed'];

const curves = new Curves(byId('curves'));
const bands = new Bands(byId('bands'), number => `probe/${number}.png`);
const layers = new Layers();
const confusion = new Confusion();
const controls = new Controls();
const events = new EventSource('events');
let run = { classes: [], epochs: 1 };
let epochs = [];

function showState(state, message) {
  byId('state').dataset.state = state;
  setText(byId('state'), state);
  setText(byId('message'), message);
  document.title = `${state} – ${run.model ?? 'Halcyon'}`;
}

function showProgress(epoch) {
  byId('progress').value = epoch / run.epochs;
  setText(byId('counts'), `epoch ${Math.min(Math.floor(epoch) + 1, run.epochs)} of ${run.epochs}`);
}

const parts = {
  history({ points, epochs: complete, confusions }) {
    epochs = complete;
    curves.replace(points, epochs);
    showEpochs(epochs);
    confusion.replace(confusions);
    this.last = points.at(-1)?.[0];
  },
  run(described) {
    run = described;
    setText(byId('title'), `${run.model}, ${run.parameters.toLocaleString('en')} parameters`);
    setText(byId('facts'), `${run.images.toLocaleString('en')} training images of ${run.input} and ${run.classes.length}`
        + ` classes, on ${run.device}`);
    confusion.names(run.classes);
    showProgress(this.last ?? 0);
  },
  point(point) {
    curves.addPoint(point);
    showProgress(point[0]);
  },
  epoch(epoch) {
    epochs = [...epochs, epoch];
    curves.addEpoch(epoch);
    showEpochs(epochs);
    showProgress(epoch.epoch);
  },
  confusion: matrix => confusion.add(matrix),
  bands: answers => bands.show(answers, run.classes),
  filters: showFilters,
  layers: seen => layers.show(seen),
  control: state => controls.show(state),
  notice({ message }) {
    byId('notice').hidden = false;
    setText(byId('notice'), message);
  },
  state({ state, message }) {
    showState(state, message);
    if (OVER.includes(state)) {
      events.close();
      controls.disable();
    }
  },
};

for (const name of Object.keys(parts)) {
  events.addEventListener(name, event => parts[name](JSON.parse(event.data)));
}
events.addEventListener('error', () => showState('offline', 'the server does not answer; trying again'));
