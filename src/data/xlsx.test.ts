import { crc32, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { readSource, type SourceRows } from './read.ts'

const folder = scratchFolder()

/** A ZIP archive whose members are stored as they are. */
function zip(members: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(members)) {
    const content = Buffer.from(text)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(content.length, 14)
    fields.writeUInt32LE(content.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), content])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, place, Buffer.from(name)]),
    )
    parts.push(local)
    offset += local.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(entries.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, entries, Buffer.from('PK\u0005\u0006'), end])
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const office = 'http://schemas.openxmlformats.org'

/** A workbook of one sheet, by ECMA-376; style 1 is a date, style 2 a date with time. */
function workbook(rows: string): Buffer {
  return zip({
    '[Content_Types].xml': `${xml}<Types xmlns="${office}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="r1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${xml}<workbook xmlns="${office}/spreadsheetml/2006/main" xmlns:r="${office}/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="r1" Type="${office}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${office}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${xml}<styleSheet xmlns="${office}/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `${xml}<worksheet xmlns="${office}/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
  })
}

const text = (cell: string, value: string): string =>
  `<c r="${cell}" t="inlineStr"><is><t>${value}</t></is></c>`

async function read(name: string, content: Buffer): Promise<SourceRows> {
  return readSource({
    name: 's',
    path: await folder.write(name, content),
    use: 'train',
    share: 'anyone',
    drop: [],
  })
}

// 43861 is 31 January 2020 in Excel's count of days; a half is noon.
const sheet = [
  `<row r="1">${text('A1', 'name')}${text('B1', 'day')}${text('C1', 'n')}${text('D1', 'ok')}${text('E1', 'at')}</row>`,
  `<row r="2">${text('A2', 'Ann')}<c r="B2" s="1"><v>43861</v></c><c r="C2"><v>1.5</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" s="2"><v>43861.5</v></c></row>`,
  `<row r="4">${text('A4', 'Bob')}<c r="C4"><v>7</v></c></row>`,
].join('')

const rows = [
  { name: 'Ann', day: '2020-01-31', n: 1.5, ok: true, at: '2020-01-31T12:00:00' },
  { name: 'Bob', day: null, n: 7, ok: null, at: null },
]

test('the first sheet becomes rows with text, numbers, truth values and ISO dates; empty rows are passed over', async () => {
  const read1 = await read('book.xlsx', workbook(sheet))
  expect(read1.rows.map(({ row }) => row)).toEqual(rows)
  expect(read1.rows.map(({ id }) => id)).toEqual(['s:1', 's:2'])
})

test('a compressed workbook is read too', async () => {
  expect((await read('book.xlsx.gz', gzipSync(workbook(sheet)))).rows.map(({ row }) => row)).toEqual(rows)
})

test('two columns of one name are refused', async () => {
  const twice = `<row r="1">${text('A1', 'a')}${text('B1', 'a')}</row><row r="2">${text('A2', 'x')}</row>`
  await expect(read('twice.xlsx', workbook(twice))).rejects.toThrow(
    'twice.xlsx:1: the header names "a" more than once (fields 1, 2)',
  )
})

test('an empty sheet has no records', async () => {
  await expect(read('empty.xlsx', workbook(''))).rejects.toThrow(
    'empty.xlsx has a header at most, but no records',
  )
})

test('what is no workbook, or half of one, is refused by name', async () => {
  await expect(read('other.xlsx', zip({ 'readme.txt': 'hello' }))).rejects.toThrow(
    'other.xlsx cannot be read as an Excel workbook',
  )
  const whole = workbook(sheet)
  await expect(read('half.xlsx', whole.subarray(0, whole.length / 2))).rejects.toThrow(
    'half.xlsx cannot be read as an Excel workbook',
  )
})
