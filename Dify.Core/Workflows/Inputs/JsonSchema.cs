using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Inputs;

/// <summary>
/// Checks a value against a JSON Schema of draft 7: all keywords of validation, and references within the schema. Formats
/// are not checked. Bounded in steps and depth, since schemas come from files of others.
/// </summary>
internal static class JsonSchema
{
    /// <summary>The first thing that is wrong, in the words of Python's jsonschema; null when the value fits.</summary>
    public static string? Problem(JsonNode schema, JsonNode? value) => new Check(schema).Run(schema, value, 0);

    private sealed class Check(JsonNode root)
    {
        private const int MaxDepth = 100;
        private const int MaxSteps = 200_000;
        private const string TooComplex = "the schema is too complex to be checked";
        private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

        private int _steps;

        public string? Run(JsonNode? schema, JsonNode? value, int depth)
        {
            if (depth > MaxDepth || ++_steps > MaxSteps)
            {
                return TooComplex;
            }

            if (schema is not JsonObject rules)
            {
                return schema is JsonValue && schema.GetValueKind() == JsonValueKind.False ? $"False schema does not allow {Repr(value)}" : null;
            }

            if (rules["$ref"] is JsonValue reference)
            {
                return Resolve(reference.ToString()) is { } target ? Run(target, value, depth + 1) : $"Unresolvable JSON pointer: {Repr(reference)}";
            }

            foreach (var (keyword, rule) in rules)
            {
                var problem = Keyword(keyword, rule, rules, value, depth + 1)
                    ?? (value is JsonObject map ? OfObject(keyword, rule, rules, map, depth + 1)
                        : value is JsonArray list ? OfList(keyword, rule, rules, list, depth + 1)
                        : value is JsonValue scalar ? OfScalar(keyword, rule, scalar) : null);
                if (problem is not null)
                {
                    return problem;
                }
            }

            return null;
        }

        private string? Keyword(string keyword, JsonNode? rule, JsonObject rules, JsonNode? value, int depth)
        {
            switch (keyword)
            {
                case "type":
                    var types = rule is JsonArray several ? several.Select(type => type?.ToString() ?? "").ToList() : [rule?.ToString() ?? ""];
                    return types.Exists(type => IsOf(type, value))
                        ? null
                        : $"{Repr(value)} is not of type {string.Join(", ", types.Select(type => $"'{type}'"))}";
                case "enum" when rule is JsonArray options:
                    return options.Any(option => AreEqual(option, value)) ? null : $"{Repr(value)} is not one of {Repr(options)}";
                case "const":
                    return AreEqual(rule, value) ? null : $"{Repr(rule)} was expected";
                case "allOf" when rule is JsonArray all:
                    return all.Select(part => Run(part, value, depth)).FirstOrDefault(problem => problem is not null);
                case "anyOf" when rule is JsonArray any:
                    return any.Any(part => Run(part, value, depth) is null) ? null : $"{Repr(value)} is not valid under any of the given schemas";
                case "oneOf" when rule is JsonArray one:
                    return one.Count(part => Run(part, value, depth) is null) switch
                    {
                        0 => $"{Repr(value)} is not valid under any of the given schemas",
                        1 => null,
                        _ => $"{Repr(value)} is valid under more than one of the given schemas",
                    };
                case "not":
                    return Run(rule, value, depth) is null ? $"{Repr(value)} should not be valid under {Repr(rule)}" : null;
                case "if":
                    return Run(rule, value, depth) is null
                        ? rules.TryGetPropertyValue("then", out var then) ? Run(then, value, depth) : null
                        : rules.TryGetPropertyValue("else", out var otherwise) ? Run(otherwise, value, depth) : null;
                default:
                    return null;
            }
        }

        private string? OfObject(string keyword, JsonNode? rule, JsonObject rules, JsonObject value, int depth)
        {
            switch (keyword)
            {
                case "required" when rule is JsonArray names:
                    return names.Select(name => name?.ToString() ?? "").FirstOrDefault(name => !value.ContainsKey(name)) is { } missing
                        ? $"{PythonText.Repr(missing)} is a required property"
                        : null;
                case "properties" when rule is JsonObject properties:
                    return properties.Where(property => value.ContainsKey(property.Key))
                        .Select(property => Run(property.Value, value[property.Key], depth)).FirstOrDefault(problem => problem is not null);
                case "patternProperties" when rule is JsonObject patterns:
                    return patterns.SelectMany(pattern => value.Where(item => Matches(pattern.Key, item.Key))
                        .Select(item => Run(pattern.Value, item.Value, depth))).FirstOrDefault(problem => problem is not null);
                case "additionalProperties":
                    return Additional(rule, rules, value, depth);
                case "propertyNames":
                    return value.Select(item => Run(rule, JsonValue.Create(item.Key), depth)).FirstOrDefault(problem => problem is not null);
                case "minProperties":
                    return value.Count < Number(rule) ? $"{Repr(value)} does not have enough properties" : null;
                case "maxProperties":
                    return value.Count > Number(rule) ? $"{Repr(value)} has too many properties" : null;
                case "dependencies" when rule is JsonObject dependencies:
                    return dependencies.Where(item => value.ContainsKey(item.Key)).Select(item => item.Value is JsonArray needed
                        ? needed.Select(name => name?.ToString() ?? "").FirstOrDefault(name => !value.ContainsKey(name)) is { } missed
                            ? $"{PythonText.Repr(missed)} is a dependency of {PythonText.Repr(item.Key)}" : null
                        : Run(item.Value, value, depth)).FirstOrDefault(problem => problem is not null);
                default:
                    return null;
            }
        }

        private string? Additional(JsonNode? rule, JsonObject rules, JsonObject value, int depth)
        {
            var known = rules["properties"] as JsonObject;
            var patterns = rules["patternProperties"] as JsonObject;
            var extra = value.Where(item => known?.ContainsKey(item.Key) != true
                && patterns?.Any(pattern => Matches(pattern.Key, item.Key)) != true).ToList();
            if (rule is JsonValue && rule.GetValueKind() == JsonValueKind.False)
            {
                return extra.Count == 0 ? null
                    : $"Additional properties are not allowed ({string.Join(", ", extra.Select(item => PythonText.Repr(item.Key)))} "
                        + $"{(extra.Count == 1 ? "was" : "were")} unexpected)";
            }

            return extra.Select(item => Run(rule, item.Value, depth)).FirstOrDefault(problem => problem is not null);
        }

        private string? OfList(string keyword, JsonNode? rule, JsonObject rules, JsonArray value, int depth)
        {
            switch (keyword)
            {
                case "items" when rule is JsonArray places:
                    return value.Zip(places).Select(pair => Run(pair.Second, pair.First, depth)).FirstOrDefault(problem => problem is not null);
                case "items":
                    return value.Select(item => Run(rule, item, depth)).FirstOrDefault(problem => problem is not null);
                case "additionalItems" when rules["items"] is JsonArray places && value.Count > places.Count:
                    return value.Skip(places.Count).Select(item => Run(rule, item, depth)).FirstOrDefault(problem => problem is not null);
                case "minItems":
                    return value.Count < Number(rule) ? $"{Repr(value)} is too short" : null;
                case "maxItems":
                    return value.Count > Number(rule) ? $"{Repr(value)} is too long" : null;
                case "contains":
                    return value.Any(item => Run(rule, item, depth) is null) ? null : $"{Repr(value)} does not contain items matching the given schema";
                case "uniqueItems" when rule is JsonValue && rule.GetValueKind() == JsonValueKind.True:
                    return value.Select(item => Canonical(item)).Distinct(StringComparer.Ordinal).Count() == value.Count
                        ? null : $"{Repr(value)} has non-unique elements";
                default:
                    return null;
            }
        }

        private static string? OfScalar(string keyword, JsonNode? rule, JsonValue value)
        {
            if (value.GetValueKind() == JsonValueKind.String)
            {
                var text = value.GetValue<string>();
                return keyword switch
                {
                    "minLength" when text.EnumerateRunes().Count() < Number(rule) => $"{Repr(value)} is too short",
                    "maxLength" when text.EnumerateRunes().Count() > Number(rule) => $"{Repr(value)} is too long",
                    "pattern" when !Matches(rule?.ToString() ?? "", text) => $"{Repr(value)} does not match {Repr(rule)}",
                    _ => null,
                };
            }

            if (value.GetValueKind() != JsonValueKind.Number || Number(rule) is not { } limit || double.IsNaN(limit))
            {
                return null;
            }

            var number = Number(value)!.Value;
            return keyword switch
            {
                "minimum" when number < limit => $"{Repr(value)} is less than the minimum of {Repr(rule)}",
                "maximum" when number > limit => $"{Repr(value)} is greater than the maximum of {Repr(rule)}",
                "exclusiveMinimum" when number <= limit => $"{Repr(value)} is less than or equal to the minimum of {Repr(rule)}",
                "exclusiveMaximum" when number >= limit => $"{Repr(value)} is greater than or equal to the maximum of {Repr(rule)}",
                "multipleOf" when limit > 0 && Math.Abs((number / limit) - Math.Round(number / limit)) > 1e-9 =>
                    $"{Repr(value)} is not a multiple of {Repr(rule)}",
                _ => null,
            };
        }

        private JsonNode? Resolve(string reference)
        {
            if (!reference.StartsWith('#'))
            {
                return null;
            }

            JsonNode? node = root;
            foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                node = node switch
                {
                    JsonObject map => map[name],
                    JsonArray list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < list.Count => list[place],
                    _ => null,
                };
            }

            return node;
        }

        private static bool IsOf(string type, JsonNode? value) => type switch
        {
            "null" => value is null,
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value is JsonValue && value.GetValueKind() == JsonValueKind.String,
            "boolean" => value is JsonValue && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "number" => value is JsonValue && value.GetValueKind() == JsonValueKind.Number,
            "integer" => value is JsonValue && value.GetValueKind() == JsonValueKind.Number && Number(value) is { } number && number == Math.Floor(number),
            _ => false,
        };

        private static bool Matches(string pattern, string text)
        {
            try
            {
                return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternLimit);
            }
            catch (Exception failure) when (failure is ArgumentException or RegexMatchTimeoutException)
            {
                return false;
            }
        }

        private static double? Number(JsonNode? value) =>
            value is JsonValue && value.GetValueKind() == JsonValueKind.Number
            && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;

        private static bool AreEqual(JsonNode? one, JsonNode? other) =>
            string.Equals(Canonical(one), Canonical(other), StringComparison.Ordinal);

        /// <summary>A text that equal values share: names in order, <c>1.0</c> as <c>1</c>.</summary>
        private static string Canonical(JsonNode? value) => value switch
        {
            JsonObject map => "{" + string.Join(',', map.OrderBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => JsonValue.Create(item.Key).ToJsonString() + ":" + Canonical(item.Value))) + "}",
            JsonArray list => "[" + string.Join(',', list.Select(Canonical)) + "]",
            JsonValue when Number(value) is { } number => number.ToString("R", CultureInfo.InvariantCulture),
            _ => value?.ToJsonString() ?? "null",
        };

        private static string Repr(JsonNode? value)
        {
            var text = PythonText.Repr(value);
            return text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "…");
        }
    }
}
