using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Common;

namespace Dify.Core.Sandbox.JavaScript;

/// <summary>The script around the code of a user. The code comes first, so that the line numbers of a trace are its own.</summary>
internal static partial class JavaScriptScript
{
    public static string Of(string code, JsonObject inputs, string mark)
    {
        // As a text for JSON.parse: in a literal a key __proto__ would set the prototype.
        var text = JsonSerializer.Serialize(inputs.ToJsonString(), JsonDefaults.Wire);
        return $$"""
            {{code}}
            ;(function (inputs, mark, parse, write, print, fail) {
              function done(value) { print(mark + write(value) + mark); }
              var value = main(parse(inputs));
              if (value && typeof value.then === "function")
                value.then(done).then(undefined, function (problem) {
                  var name = String(problem), trace = String((problem && problem.stack) || "");
                  fail(trace.indexOf(name) >= 0 ? trace : name + "\n" + trace);
                });
              else done(value);
            })({{text}}, "{{mark}}", JSON.parse, JSON.stringify, console.log, console.error);
            """;
    }

    /// <summary>An error without the lines of a stack trace that lie behind the code, or inside the interpreter.</summary>
    public static string OwnLines(string error, string code)
    {
        var last = code.AsSpan().Count('\n') + 1;
        var lines = error.Split('\n').Where(line => TraceLine().Match(line) is not { Success: true } place
            || (!line.Contains("node:", StringComparison.Ordinal)
                && int.Parse(place.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) <= last));
        return string.Join('\n', lines).Trim();
    }

    [GeneratedRegex(@"^\s+at .*:([0-9]{1,9}):[0-9]+\)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex TraceLine();
}
