/** Fills the page about one picture from the data that it carries. */
import { byId, element, setText } from './dom.js';
import { showFloors } from './floors.js';
import { percent } from './format.js';
import { showLooked } from './looked.js';
import { Rails, shown } from './rails.js';
import { showUpdate } from './update.js';

const data = JSON.parse(byId('data').textContent);
const { classes, probabilities, truth } = data;
const best = probabilities.indexOf(Math.max(...probabilities));

setText(byId('facts'), `${data.model} says ${classes[best]}, ${percent(probabilities[best])}; `
    + (best === truth ? 'which is right.' : `the truth is ${classes[truth]}, ${percent(probabilities[truth])}.`));
byId('answers').tBodies[0].replaceChildren(...shown(probabilities, truth).sort((a, b) => probabilities[b] - probabilities[a])
    .map(label => element('tr', label === truth ? { class: 'truth' } : {}, element('th', { scope: 'row' }, classes[label]),
        element('td', { 'data-value': String(probabilities[label]) }, percent(probabilities[label])))));
data.floors.at(-1).names = classes;
new Rails(data);
showUpdate(data);
const picture = byId('picture');
picture.src = data.picture;
await picture.decode();
showFloors(data.floors, picture);
showLooked(data.looked, picture, data.height, data.width);
document.documentElement.dataset.ready = 'true';
