/** Keeps the curves' points in bounded memory, as the server does. */

/** Two points that follow one another as one: the mean, at the place of the second. */
export function merged(first, second) {
  return second.map((value, column) => column === 0 || value === null || first[column] === null
      ? value : (value + first[column]) / 2);
}

/** The points themselves if there are fewer than `most`, else neighbours made one. */
export function thinned(points, most) {
  if (points.length < most) {
    return points;
  }
  const fewer = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    fewer.push(merged(points[i], points[i + 1]));
  }
  return points.length % 2 === 1 ? [...fewer, points.at(-1)] : fewer;
}
