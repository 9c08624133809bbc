// Validate payloads against schemas with ajv.
// Read a job as JSON from standard input, and write its verdicts to standard output.
const job = JSON.parse(require("fs").readFileSync(0, "utf8"));
const Ajv = require(job.draft === "2020-12" ? "ajv/dist/2020" : "ajv").default;
// strict: no unknown keyword or format. The two exceptions ask for style, not for meaning.
const options = { strict: true, strictTypes: false, strictRequired: false };
const validate = ({ schema, payloads }) => {
  const check = new Ajv(options).compile(schema);
  return payloads.map((each) => check(each));
};
process.stdout.write(JSON.stringify(job.checks.map(validate)));
