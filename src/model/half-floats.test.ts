import { expect, test } from 'vitest'
import { narrowToBrainFloat, widenBrainFloat, widenHalf } from './half-floats.ts'

test('widens halves as NumPy does', () => {
  // numpy.array(bits, uint16).view(float16).astype(float32)
  const bits = Uint16Array.of(0x3c_00, 0xc0_00, 0x35_55, 0x00_01, 0x03_ff, 0x7b_ff, 0x80_00, 0x7c_00, 0xfc_00)
  const expected = [
    1,
    -2,
    0.333251953125,
    5.960464477539063e-8,
    0.00006097555160522461,
    65504,
    -0,
    Infinity,
    -Infinity,
  ]
  expect([...widenHalf(bits)]).toEqual(expected)
  expect(widenHalf(Uint16Array.of(0x7e_00))[0]).toBeNaN()
})

test('widens and narrows bfloat16 as PyTorch does', () => {
  expect([...widenBrainFloat(Uint16Array.of(0x3f_80, 0xc0_49, 0x7f_80))]).toEqual([1, -3.140625, Infinity])
  // torch.tensor(values).to(torch.bfloat16).view(torch.int16): ties go to the even one.
  const values = Float32Array.of(1, 3.14159274, -0.1, 1.00390625, 1.01171875, 3.4e38, Number.NaN)
  const bits = [...narrowToBrainFloat(values)]
  expect(bits.slice(0, 6)).toEqual([0x3f_80, 0x40_49, 0xbd_cd, 0x3f_80, 0x3f_82, 0x7f_80])
  expect(widenBrainFloat(Uint16Array.from(bits))[6]).toBeNaN()
})
