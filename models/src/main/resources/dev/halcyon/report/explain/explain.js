/** Fills the page about one picture from the data that it carries. */
import { byId, element, setText } from './dom.js';
import { nameChannels, showBackward, showForward } from './floors.js';
import { percent } from './format.js';
import { showLooked } from './looked.js';
import { Rails, shown } from './rails.js';
import { showUpdate } from './update.js';

const data = JSON.parse(byId('data').textContent);
const { classes, probabilities, truth } = data;
const best = probabilities.indexOf(Math.max(...probabilities));

function answer(label) {
  const meter = element('span', { class: 'meter', 'aria-hidden': 'true' });
  meter.style.width = `${100 * probabilities[label]}%`;
  return element('tr', label === truth ? { class: 'truth' } : {}, element('th', { scope: 'row' }, classes[label]),
      element('td', { class: 'long' }, meter), element('td', { 'data-value': String(probabilities[label]) }, percent(probabilities[label])));
}

setText(byId('facts'), `${data.model} says ${classes[best]}, ${percent(probabilities[best])}`
    + (best === truth ? ', which is right.' : `; the truth is ${classes[truth]}, ${percent(probabilities[truth])}.`));
byId('answers').tBodies[0].replaceChildren(...shown(probabilities, truth).sort((a, b) => probabilities[b] - probabilities[a])
    .map(answer));
new Rails(byId('rails')).show(data);
showUpdate(byId('update'), data);
const picture = byId('picture');
picture.src = data.picture;
await picture.decode();
const floors = nameChannels(data.floors, classes);
showForward(byId('forward'), floors, picture);
showBackward(byId('backward'), floors);
showLooked(data.looked, picture, data.height, data.width);
document.documentElement.dataset.ready = 'true';
