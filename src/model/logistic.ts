import { mergeEqualColumns } from './equal-columns.ts'
import { minimise } from './lbfgs.ts'
import type { SparseRows } from './sparse-rows.ts'

/**
 * A linear model of class probabilities. `outputs` is the number of classes, or 1 for two classes, whose one score is
 * the log odds of the second.
 */
export interface LogisticModel {
  readonly classes: number
  /** Row-major outputs x columns. */
  readonly coefficients: Float64Array | Float32Array
  /** One an output. */
  readonly intercepts: Float64Array | Float32Array
}

interface LogisticOptions {
  /** Inverse strength of the penalty, > 0. */
  readonly C: number
  /** Weight of each row, > 0; all 1 unless told. */
  readonly weights?: ArrayLike<number>
  /** `balanced` multiplies a row's weight by rows / (classes x rows of its class). */
  readonly classWeights?: 'none' | 'balanced'
  /** Largest member of the gradient of the mean loss at the end; 1e-4 unless told. */
  readonly tolerance?: number
}

/** Rows and the class of each, a whole number below `classes`. Every class has a row. */
interface LabelledRows {
  readonly rows: SparseRows
  readonly targets: ArrayLike<number>
  readonly classes: number
}

/**
 * Multinomial logistic regression with an L2 penalty (binomial for two classes), by L-BFGS: minimises
 * sum of weight x -ln p(class | row) + |coefficients|² / (2 C), the intercepts unpenalised. That is scikit-learn's
 * LogisticRegression, up to the tolerance. One class alone has probability 1.
 */
export function fitLogistic(data: LabelledRows, options: LogisticOptions): LogisticModel {
  const { classes } = data
  const outputs = outputsOf(classes)
  if (classes === 1) {
    const coefficients = new Float64Array(data.rows.columns * outputs)
    return { classes, coefficients, intercepts: new Float64Array(outputs) }
  }
  const { rows, places, sizes } = mergeEqualColumns(data.rows)
  const size = rows.columns * outputs
  const shares = rowShares(data, options)
  const penalty = 1 / (options.C * shares.total)
  const scores = new Float64Array(rows.rows * outputs)
  const { point } = minimise(
    (parameters, gradient) => {
      score(rows, parameters, scores, outputs)
      const loss = scoresToResiduals(scores, data, shares.each)
      let squares = 0
      for (let index = 0; index < size; index++) {
        squares += parameters[index]! ** 2
        gradient[index] = penalty * parameters[index]!
      }
      gradient.fill(0, size)
      addProduct(rows, scores, gradient, outputs)
      return loss + (penalty * squares) / 2
    },
    new Float64Array(size + outputs),
    { tolerance: options.tolerance ?? 1e-4 },
  )
  const coefficients = new Float64Array(outputs * places.length)
  for (let output = 0; output < outputs; output++) {
    for (const [column, place] of places.entries()) {
      coefficients[output * places.length + column] =
        point[output * rows.columns + place]! / Math.sqrt(sizes[place]!)
    }
  }
  return { classes, coefficients, intercepts: point.slice(size) }
}

/** Probability of each class for each row: row-major rows x classes. */
export function logisticProbabilities(model: LogisticModel, rows: SparseRows): Float64Array {
  const { classes } = model
  const outputs = outputsOf(classes)
  const parameters = new Float64Array(rows.columns * outputs + outputs)
  parameters.set(model.coefficients)
  parameters.set(model.intercepts, rows.columns * outputs)
  const scores = new Float64Array(rows.rows * outputs)
  score(rows, parameters, scores, outputs)
  if (outputs === classes) {
    for (let row = 0; row < rows.rows; row++) softmax(scores.subarray(row * classes, (row + 1) * classes))
    return scores
  }
  const probabilities = new Float64Array(rows.rows * 2)
  for (const [row, logOdds] of scores.entries()) {
    probabilities[row * 2] = sigmoid(-logOdds)
    probabilities[row * 2 + 1] = sigmoid(logOdds)
  }
  return probabilities
}

function outputsOf(classes: number): number {
  return classes === 2 ? 1 : classes
}

/** The rows' weights as shares of their total, so that the loss is a mean. */
function rowShares(
  { rows, targets, classes }: LabelledRows,
  options: LogisticOptions,
): { readonly each: Float64Array; readonly total: number } {
  const counts = new Float64Array(classes)
  for (let row = 0; row < rows.rows; row++) counts[targets[row]!]! += 1
  const weights = Float64Array.from({ length: rows.rows }, (_, row) => {
    const own = options.weights?.[row] ?? 1
    return options.classWeights === 'balanced' ? (own * rows.rows) / (classes * counts[targets[row]!]!) : own
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return { each: weights.map(weight => weight / total), total }
}

/**
 * scores = rows x coefficients' + intercepts; the intercepts stand after the coefficients. One output after the other:
 * its coefficients stay in the processor's nearest cache.
 */
function score(rows: SparseRows, parameters: Float64Array, scores: Float64Array, outputs: number): void {
  const { starts, indices, values, columns } = rows
  for (let output = 0; output < outputs; output++) {
    const own = parameters.subarray(output * columns, (output + 1) * columns)
    const intercept = parameters[outputs * columns + output]!
    for (let row = 0; row < rows.rows; row++) {
      let sum = intercept
      const end = starts[row + 1]!
      for (let entry = starts[row]!; entry < end; entry++) sum += values[entry]! * own[indices[entry]!]!
      scores[row * outputs + output] = sum
    }
  }
}

/** gradient += residuals' x rows, and the residuals' sums for the intercepts. */
function addProduct(
  rows: SparseRows,
  residuals: Float64Array,
  gradient: Float64Array,
  outputs: number,
): void {
  const { starts, indices, values, columns } = rows
  for (let output = 0; output < outputs; output++) {
    const own = gradient.subarray(output * columns, (output + 1) * columns)
    let sum = 0
    for (let row = 0; row < rows.rows; row++) {
      const residual = residuals[row * outputs + output]!
      sum += residual
      const end = starts[row + 1]!
      for (let entry = starts[row]!; entry < end; entry++) own[indices[entry]!]! += values[entry]! * residual
    }
    gradient[outputs * columns + output]! += sum
  }
}

/** Turns scores into the derivatives of the weighted mean loss by them, in place; returns that loss. */
function scoresToResiduals(
  scores: Float64Array,
  { targets, classes }: LabelledRows,
  shares: Float64Array,
): number {
  const outputs = outputsOf(classes)
  let loss = 0
  for (let row = 0; row < shares.length; row++) {
    const share = shares[row]!
    const target = targets[row]!
    if (outputs === 1) {
      const logOdds = scores[row]!
      loss += share * (Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds))) - target * logOdds)
      scores[row] = share * (sigmoid(logOdds) - target)
      continue
    }
    const own = scores.subarray(row * outputs, (row + 1) * outputs)
    const chosen = own[target]!
    loss += share * (softmax(own) - chosen)
    own[target]! -= 1
    for (let output = 0; output < outputs; output++) own[output]! *= share
  }
  return loss
}

/** Turns scores into probabilities in place; returns ln sum exp(score). */
function softmax(scores: Float64Array): number {
  let maximum = -Infinity
  for (let index = 0; index < scores.length; index++) maximum = Math.max(maximum, scores[index]!)
  let sum = 0
  for (let index = 0; index < scores.length; index++) {
    const exponential = Math.exp(scores[index]! - maximum)
    scores[index] = exponential
    sum += exponential
  }
  for (let index = 0; index < scores.length; index++) scores[index]! /= sum
  return maximum + Math.log(sum)
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}
