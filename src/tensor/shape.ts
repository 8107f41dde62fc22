/** The lengths of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** How many elements a tensor of this shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1)
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}

/** The shape of an elementwise result: axes are aligned from the last one, and an axis of length 1 stretches (NumPy). */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(shape => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    let length = 1
    for (const shape of shapes) {
      const other = shape[axis - rank + shape.length] ?? 1
      if (other === 1 || other === length) continue
      if (length !== 1)
        throw new RangeError(`shapes do not broadcast: ${shapes.map(showShape).join(' and ')}`)
      length = other
    }
    return length
  })
}

/** The axis counted from the front; a negative one counts from the back. Throws where there is none such. */
export function frontAxis(axis: number, shape: Shape): number {
  const front = axis < 0 ? axis + shape.length : axis
  if (!Number.isInteger(axis) || front < 0 || front >= shape.length)
    throw new RangeError(`no axis ${axis} in ${showShape(shape)}`)
  return front
}

/** Axes counted from the front, ascending and without repetition. */
export function frontAxes(axes: readonly number[], shape: Shape): readonly number[] {
  return [...new Set(axes.map(axis => frontAxis(axis, shape)))].toSorted((a, b) => a - b)
}

/** The shape with these axes (from the front) shortened to length 1. */
export function shapeWithOnes(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
}

/** The distance, in elements, between neighbours along each axis of a dense tensor. */
export function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}
