// Opens GraphiQL on this very server: queries over HTTP, subscriptions over WebSocket.
const socket = new URL("graphql", window.location.href);
socket.protocol = socket.protocol.replace("http", "ws");

const firstQuery = `# Reading needs no key. To write, add a header below:
#   { "Authorization": "Bearer <key>" }
# The keys of the demo are printed where NZC was started.

query FirstQuery {
  pilot(by: { code: "DEMO-BUILDING" }) {
    name { zh en }
    netEmissions(period: { year: 2022 }) {
      gross { co2e }
      sinks { co2e }
      purchasedReductions { quantity byMechanism { mechanism quantity } }
      netCo2e
      furtherCreditsToZero
      assurance
      coverage { status }
    }
  }
}
`;

const fetcher = GraphiQL.createFetcher({ url: "graphql", subscriptionUrl: socket.href });

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: firstQuery,
    defaultEditorToolsVisibility: "headers",
    shouldPersistHeaders: false,
  }),
);
