import { expect, test } from 'vitest'
import { confidentJoint } from './confident-learning.ts'

// 24 items in three classes, five of them with another label than the class their probabilities were made for.
const given = [2, 1, 2, 2, 1, 2, 2, 0, 0, 0, 0, 2, 2, 2, 1, 2, 2, 1, 0, 0, 1, 0, 1, 0]
const probabilities = [
  0.048, 0.156, 0.796, 0.054, 0.556, 0.39, 0.379, 0.06, 0.561, 0.273, 0, 0.727, 0.193, 0.71, 0.097, 0.07,
  0.293, 0.637, 0.028, 0.127, 0.845, 0.912, 0.028, 0.06, 0.59, 0.149, 0.261, 0.62, 0.157, 0.223, 0.557, 0.432,
  0.011, 0.105, 0.037, 0.858, 0.135, 0.305, 0.56, 0.79, 0.142, 0.068, 0.157, 0.633, 0.21, 0.01, 0.303, 0.687,
  0.802, 0.062, 0.136, 0.108, 0.271, 0.621, 0.597, 0.063, 0.34, 0.085, 0.868, 0.047, 0.273, 0.106, 0.621,
  0.975, 0.024, 0.001, 0.39, 0.555, 0.055, 0.749, 0.176, 0.075,
]

// cleanlab 2.9.0: get_confident_thresholds, compute_confident_joint(calibrate=False) and find_label_issues with
// filter_by='confident_learning', return_indices_ranked_by='self_confidence'.
test('thresholds, confident joint and suspects are those of cleanlab', () => {
  const joint = confidentJoint({ given, probabilities, classes: 3 })
  expect(joint.thresholds.map(threshold => Number(threshold.toFixed(6)))).toEqual([
    0.635625, 0.471833, 0.5875,
  ])
  expect(joint.counts).toEqual([3, 1, 0, 0, 4, 2, 2, 0, 6])
  expect(joint.suspects.map(({ item }) => item)).toEqual([13, 19, 20, 16, 17])
  expect(joint.suspects[0]).toEqual({ item: 13, given: 2, suggested: 0, confidence: 0.068 })
})

test('the calibrated joint gives each class as many items as it was given to', () => {
  // By hand: 8 items over 3, 1, 0; 6 over 0, 4, 2; 10 over 2, 0, 6. (cleanlab rounds the last row to 2, 0, 8.)
  expect(confidentJoint({ given, probabilities, classes: 3 }).calibrated).toEqual([
    6, 2, 0, 0, 4, 2, 2.5, 0, 7.5,
  ])
})

test('labels that the probabilities agree with raise no suspicion', () => {
  const { suspects } = confidentJoint({ given: [0, 1], probabilities: [0.9, 0.1, 0.2, 0.8], classes: 2 })
  expect(suspects).toEqual([])
})
