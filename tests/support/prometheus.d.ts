/** The library has no types of its own. */
declare module "parse-prometheus-text-format" {
  interface Metric {
    value?: string;
    /** The count of a histogram. */
    count?: string;
    labels?: Record<string, string>;
  }
  export default function parse(text: string): { name: string; metrics: Metric[] }[];
}
