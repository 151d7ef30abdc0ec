/** Tells the story of both networks with the picture that is chosen. */
import { Company } from './company.js';
import { byId, element, setText } from './dom.js';
import { channelPictures, listensTo, nameChannels, showBackward } from './floors.js';
import { percent } from './format.js';
import { Learning } from './learning.js';
import { Rails } from './rails.js';
import { showResults } from './results.js';
import { showUpdate } from './update.js';

const data = JSON.parse(byId('data').textContent);
const images = await Promise.all(data.pictures.map(async ({ picture, name }, i) => {
  const image = element('img', { src: picture, alt: `picture ${i + 1}, a ${name}` });
  await image.decode();
  return image;
}));
const rails = new Rails(byId('rails'));
let shown = images[0];

const CAPTIONS = ['where it is loud', 'what excites it most', 'what it looks for'];

/** Fills a box with what there is to know of a channel. */
const explain = box => (floor, voice) => box.replaceChildren(
    element('div', { class: 'maps' }, ...channelPictures(floor, voice, shown).map((picture, i) =>
      element('figure', {}, picture, element('figcaption', {}, CAPTIONS[i])))),
    listensTo(floor, voice));
const byHand = new Company(byId('company'), explain(byId('chosen')));
const learned = new Company(byId('company-learned'), explain(byId('chosen-learned')));

const best = ({ probabilities, classes }) => classes[probabilities.indexOf(Math.max(...probabilities))];

function show(index) {
  shown = images[index];
  buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === index)));
  const { name, hand, start, learned: end } = data.pictures[index];
  byHand.show(nameChannels(hand.floors, hand.classes), hand.probabilities, shown);
  setText(byId('company-facts'), `It says ${best(hand)}${best(hand) === hand.classes[hand.truth] ? ', rightly' : `; it is a ${name}`}.`
      + ` Of ${data.hand.images.toLocaleString('en')} fresh pictures it names ${percent(data.hand.right)} rightly.`);
  rails.show(start);
  showBackward(byId('blame'), nameChannels(start.floors, start.classes));
  showUpdate(byId('update'), start);
  learned.show(nameChannels(end.floors, end.classes), end.probabilities, shown);
}

const buttons = images.map((image, i) => {
  const button = element('button', { type: 'button', 'aria-pressed': 'false' }, image);
  button.addEventListener('click', () => show(i));
  return button;
});
byId('pictures').replaceChildren(...buttons);
new Learning(data.diary, data.pictures, data.learned.classes, data.hand_filters);
showResults(data);
show(0);
document.documentElement.dataset.ready = 'true';
