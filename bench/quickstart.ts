// The example project as a person meets it, with its preview: the time of a first run, of a second with nothing changed,
// and whether a run that is killed at random moments ends in the same bytes.   node bench/quickstart.ts [kills]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sha256 } from '../src/data/hash.ts'
import { createRandom } from '../src/data/random.ts'

const kills = Number(process.argv[2] ?? 20)
const folder = mkdtempSync(path.join(tmpdir(), 'tilth-quickstart-'))
const example = path.resolve('examples/wildlife-strikes')

/** Runs the example in a folder; killed after `after` milliseconds where that is given. True where it came to its end. */
async function run(place: string, after?: number): Promise<boolean> {
  const child = spawn(process.execPath, [path.resolve('src/cli/main.ts'), 'run', '--project', place], {
    stdio: 'ignore',
  })
  const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearTimeout(timer)
  if (code !== null && code !== 0) throw new Error(`the run ended with ${code}`)
  return code === 0
}

async function timed(place: string): Promise<number> {
  const began = performance.now()
  await run(place)
  return (performance.now() - began) / 1000
}

function copyOf(name: string): string {
  const place = path.join(folder, name)
  cpSync(example, place, { recursive: true, filter: from => !/\.tilth|runs$/.test(from) })
  return place
}

/** Hashes of every artifact and of report.json; times and the journal of events are left out. */
function bytes(place: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const file of readdirSync(place, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const full = path.join(place, file)
    if (!/^(\.tilth|runs)/.test(file) || !statSync(full).isFile()) continue
    if (/timing|journal|report\.html|lock$/.test(file)) continue
    found[file] = sha256(readFileSync(full))
  }
  return found
}

try {
  const undisturbed = copyOf('undisturbed')
  const first = await timed(undisturbed)
  const second = await timed(undisturbed)
  console.log(`first run   ${first.toFixed(1)} s (bar 150, with the preview)`)
  console.log(`run again   ${second.toFixed(2)} s (bar 3)`)

  const wanted = bytes(undisturbed)
  const random = createRandom(1, 'kills')
  let killed = copyOf('killed 1')
  let [landed, finished] = [0, 0]
  const differing = new Set<string>()
  while (landed < kills || finished === 0) {
    const after = landed < kills ? 200 + random.next() * first * 250 : undefined
    if (await run(killed, after)) {
      const found = bytes(killed)
      for (const file of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
        if (wanted[file] !== found[file]) differing.add(file)
      }
      killed = copyOf(`killed ${++finished + 1}`)
    } else landed++
  }
  console.log(
    `${landed} kills landed; of ${Object.keys(wanted).length} files in each of ${finished} runs, ${differing.size} differ from the undisturbed run`,
  )
  for (const file of [...differing].slice(0, 10)) console.log(`  ${file}`)
  process.exitCode = differing.size === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
