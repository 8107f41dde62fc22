const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']

/** A whole number from 0 to 99 in English words; null for any other. */
export function numeralOf(number: number): string | null {
  if (!Number.isInteger(number) || number < 0 || number > 99) return null
  if (number < 20) return small[number]!
  const ones = number % 10
  return ones === 0 ? tens[number / 10]! : `${tens[Math.floor(number / 10)]}-${small[ones]}`
}
