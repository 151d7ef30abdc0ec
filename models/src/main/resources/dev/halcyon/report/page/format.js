/** Numbers as people read them. */

/** Three significant digits; a dash where there is no number. */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '–';
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return value.toExponential(1).replace('e+', 'e').replaceAll('-', '−');
  }
  if (size >= 100) {
    return Math.round(value).toLocaleString('en').replace('-', '−');
  }
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

/** A probability, or a difference of two, with three places. */
export function probability(value) {
  const places = value.toFixed(3);
  return value !== 0 && Number(places) === 0 ? '≈ 0' : places.replace('-', '−');
}

/** A share as a percentage with one place. */
export function percent(share) {
  return share === null || share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;
}
