import type { DuckDBTypeId, DuckDBValueConverter, Json } from '@duckdb/node-api'

type Api = typeof import('@duckdb/node-api')

/**
 * Turns DuckDB values into plain ones: whole numbers into numbers where a double holds them and text where not, decimals
 * into numbers, dates and times into ISO 8601 text, lists and structs into arrays and objects.
 */
export function plainValueConverter(api: Api): DuckDBValueConverter<Json> {
  const times = new Set<DuckDBTypeId>([
    api.DuckDBTypeId.TIMESTAMP,
    api.DuckDBTypeId.TIMESTAMP_S,
    api.DuckDBTypeId.TIMESTAMP_MS,
    api.DuckDBTypeId.TIMESTAMP_NS,
    api.DuckDBTypeId.TIMESTAMP_TZ,
  ])
  return (value, type, converter) => {
    if (typeof value === 'bigint')
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
    if (value === null || typeof value !== 'object') return value ?? null
    if (type.typeId === api.DuckDBTypeId.DECIMAL) return Number(value.toString())
    if (times.has(type.typeId)) return value.toString().replace(' ', 'T')
    return api.JsonDuckDBValueConverter(value, type, converter)
  }
}
