console.log("What Deno itself needs to start: deno run line.ts");
