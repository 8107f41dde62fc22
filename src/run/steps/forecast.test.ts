import { expect, test } from 'vitest'
import { type TaskForecast, tellForecast } from './forecast.ts'

const forecast: TaskForecast = {
  task: 'intent',
  metric: 'accuracy',
  smallestDetectable: 0.04,
  score: 0.8,
  components: { arms: [], item: 0 },
}

test('a difference that can be is told, and whether it is small enough to be of use', () => {
  expect(tellForecast([forecast, { ...forecast, smallestDetectable: 0.12 }], 5)).toEqual([
    'intent: a difference of 4.0 points of accuracy or more should show',
    'intent: a difference of 12.0 points of accuracy or more should show; 5 would be worth it, so the report will say how many more rows it takes',
  ])
})

test('a difference larger than any there can be is not promised', () => {
  const [line] = tellForecast([{ ...forecast, smallestDetectable: 4.515 }], 5)
  expect(line).toBe(
    'intent: these rows are too few to show even the largest possible difference of accuracy; the report will say how many more it takes',
  )
})

test('a difference for which the score leaves no room upward says how much room there is', () => {
  const [line] = tellForecast([{ ...forecast, score: 0.97 }], 5)
  expect(line).toBe(
    'intent: a difference of 4.0 points of accuracy or more should show, though real examples alone reach 97.0, which leaves room for 3.0',
  )
})
