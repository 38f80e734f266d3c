/** A line over time with the compared period behind it; the same numbers stand in a table for those who cannot see it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { SeriesPoint } from '../answers.ts';
import { count, dayName } from '../format.ts';

const HEIGHT = 280;
/** Room that one label of the time axis needs. */
const LABEL_PX = 84;

/** What is drawn. */
export interface ChartOptions {
  points: readonly SeriesPoint[];
  /** Points of the compared period, one beside another; absent: no comparison. */
  compared: readonly SeriesPoint[] | undefined;
  interval: string;
}

/** What stands below an axis or in a tooltip for a bucket. */
export function bucketName(start: string, interval: string): string {
  if (interval === 'hour') return `${dayName(start)}, ${start.slice(11, 16)}`;
  if (interval === 'month') return dayName(start, { year: true }).replace(/^\d+ /, '');
  return interval === 'week' ? `Week of ${dayName(start)}` : dayName(start);
}

/** The same where room is short: hours say their day at its beginning only. */
function axisName(start: string, interval: string): string {
  if (interval !== 'hour') return bucketName(start, interval);
  const time = start.slice(11, 16);
  return time === '00:00' ? dayName(start) : time;
}

/** Draws with uPlot; colours are those of the style sheet, in the light and in the dark. */
export function Chart({ points, compared, interval }: ChartOptions) {
  const place = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const dark = useDark();
  useEffect(() => {
    const element = place.current;
    if (element === null || points.length === 0) return;
    const chart = new uPlot(
      optionsOf({ element, points, interval, onHover: setHovered }),
      dataOf(points, compared),
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [points, compared, interval, dark]);
  const shown = hovered === null ? undefined : points[hovered];
  const before = hovered === null ? undefined : compared?.[hovered];
  return (
    <figure class="chart">
      <figcaption class="chart-caption">
        {shown ? (
          <>
            <strong>{bucketName(shown.start, interval)}</strong> {count(shown.conversions)}
            {before && (
              <span class="quiet">
                {' '}
                against {count(before.conversions)} on {bucketName(before.start, interval)}
              </span>
            )}
          </>
        ) : (
          <>
            <span class="key key-now">Conversions</span>
            {compared && <span class="key key-before">Compared period</span>}
          </>
        )}
      </figcaption>
      <div class="chart-place" ref={place} aria-hidden="true" />
      <details class="chart-table">
        <summary>The numbers</summary>
        <PointsTable points={points} compared={compared} interval={interval} />
      </details>
    </figure>
  );
}

function dataOf(points: readonly SeriesPoint[], compared: readonly SeriesPoint[] | undefined): uPlot.AlignedData {
  return [
    points.map((_, index) => index),
    points.map((_, index) => compared?.[index]?.conversions ?? null),
    points.map((point) => point.conversions),
  ];
}

interface Drawing {
  element: HTMLElement;
  points: readonly SeriesPoint[];
  interval: string;
  onHover: (index: number | null) => void;
}

function optionsOf({ element, points, interval, onHover }: Drawing): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const line = { stroke: colour('--line'), width: 1 };
  const few = points.length < 40;
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [12, 30, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(4, Math.ceil(most * 1.1))] } },
    axes: [
      {
        font,
        stroke: colour('--quiet'),
        grid: { show: false },
        ticks: { show: false },
        size: 32,
        splits: (chart) => splitsOf(points.length, chart.width),
        values: (_, splits) => splits.map((index) => axisName(points[index]?.start ?? '', interval)),
      },
      {
        font,
        stroke: colour('--quiet'),
        grid: line,
        ticks: { show: false },
        size: 48,
        incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1e3, 2e3, 2.5e3, 5e3, 1e4, 1e5, 1e6],
      },
    ],
    series: [
      {},
      { stroke: colour('--quiet'), width: 1.5, dash: [4, 4], points: { show: points.length === 1 } },
      {
        stroke: colour('--accent'),
        fill: colour('--accent-wash'),
        width: 2,
        points: { show: few, size: 5, fill: colour('--accent') },
      },
    ],
    hooks: { setCursor: [(chart) => onHover(chart.cursor.idx ?? null)] },
  };
}

/** Indices that get a label: as many as fit. */
function splitsOf(length: number, width_px: number): number[] {
  const step = Math.max(1, Math.ceil(length / Math.max(1, Math.floor(width_px / LABEL_PX))));
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step);
}

/** Whether the system asks for dark colours; follows it. */
function useDark(): 'dark' | 'light' {
  const query = '(prefers-color-scheme: dark)';
  const read = () => (matchMedia(query).matches ? 'dark' : 'light');
  const [theme, setTheme] = useState<'dark' | 'light'>(read);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = () => setTheme(read());
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  return theme;
}

function PointsTable({ points, compared, interval }: ChartOptions) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col" class="number">
            Conversions
          </th>
          {compared && (
            <th scope="col" class="number">
              Compared
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {points.map((point, index) => (
          <tr key={point.start}>
            <th scope="row">{bucketName(point.start, interval)}</th>
            <td class="number">{count(point.conversions)}</td>
            {compared && <td class="number">{count(compared[index]?.conversions ?? 0)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
