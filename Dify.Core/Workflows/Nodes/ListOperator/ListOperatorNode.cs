using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.ListOperator;

/// <summary>Filters a list, takes one element of it, orders it and cuts it, in this order.</summary>
internal sealed class ListOperatorNode : INode
{
    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        var settings = run.Node.Settings(ListOperatorSettings.Read);
        var selector = PythonText.Repr(new JsonArray([.. settings.Selector.Select(part => (JsonNode)part)]));
        if (!run.Variables.TryGet(settings.Selector, out var value))
        {
            throw ListFilters.Failure($"Variable not found for selector: {selector}");
        }

        if (IsNothing(value))
        {
            yield return NodeOutput.End(Result(new JsonArray(), []));
            yield break;
        }

        var type = VariableTypes.Of(value);
        if (type is not (VariableType.StringArray or VariableType.NumberArray or VariableType.BooleanArray or VariableType.FileArray))
        {
            throw ListFilters.Failure(
                $"Variable {selector} is not an array type, actual type: <class 'dify_graph.variables.variables.{ClassOf(type)}'>");
        }

        var items = ((JsonArray)value!).ToList();
        yield return NodeOutput.End(Result(value!, Work(settings, items, type, run.Variables, value!)));
    }

    private static List<JsonNode?> Work(
        ListOperatorSettings settings, List<JsonNode?> items, VariableType type, VariablePool variables, JsonNode given)
    {
        try
        {
            foreach (var condition in settings.Conditions)
            {
                items = ListFilters.Apply(items, type, condition, variables);
            }

            if (settings.Serial is { } serial)
            {
                items = [Extract(items, PythonNumbers.Int(serial.Render(variables)))];
            }

            if (settings.Orders)
            {
                items = Order(items, type, settings);
            }

            return settings.Limit is not { } limit ? items
                : [.. items.Take(limit >= 0 ? limit : Math.Max(0, items.Count + limit))];
        }
        catch (NodeFailedException problem)
        {
            throw new NodeFailedException(problem.Message, problem.Type, problem.Code, problem)
            {
                Inputs = new JsonObject { ["variable"] = given.DeepClone() },
                ProcessData = new JsonObject { ["variable"] = given.DeepClone() },
            };
        }
    }

    private static JsonNode? Extract(List<JsonNode?> items, int serial) =>
        serial < 1 ? throw new NodeFailedException($"Invalid serial index: must be >= 1, got {serial}", "ValueError")
        : serial > items.Count ? throw ListFilters.Failure($"Invalid serial index: must be <= {items.Count}, got {serial}")
        : items[serial - 1];

    private static List<JsonNode?> Order(List<JsonNode?> items, VariableType type, ListOperatorSettings settings) => type switch
    {
        VariableType.StringArray => Order(items, item => item!.ToString(), CodePointOrder.Instance, settings.IsDescending),
        VariableType.NumberArray => Order(items, item => PythonText.AsDouble(item!.AsValue()), Comparer<double>.Default, settings.IsDescending),
        VariableType.BooleanArray => Order(items, item => item!.GetValue<bool>(), Comparer<bool>.Default, settings.IsDescending),
        _ when settings.OrderKey is not ("name" or "type" or "extension" or "mime_type" or "transfer_method" or "url" or "size") =>
            throw ListFilters.Failure($"Invalid order key: {settings.OrderKey}"),
        _ when settings.OrderKey == "size" =>
            Order(items, item => ListFilters.FileSize((JsonObject)item!), Comparer<double>.Default, settings.IsDescending),
        _ => Order(
            items, item => ListFilters.FileText((JsonObject)item!, settings.OrderKey), CodePointOrder.Instance, settings.IsDescending),
    };

    private static List<JsonNode?> Order<T>(List<JsonNode?> items, Func<JsonNode?, T> key, IComparer<T> comparer, bool isDescending) =>
        [.. isDescending ? items.OrderByDescending(key, comparer) : items.OrderBy(key, comparer)];

    private static NodeResult Result(JsonNode given, List<JsonNode?> items) => new()
    {
        Status = NodeStatus.Succeeded,
        Inputs = new JsonObject { ["variable"] = given.DeepClone() },
        ProcessData = new JsonObject { ["variable"] = given.DeepClone() },
        Outputs = new JsonObject
        {
            ["result"] = new JsonArray([.. items.Select(item => item?.DeepClone())]),
            ["first_record"] = items.Count > 0 ? items[0]?.DeepClone() : null,
            ["last_record"] = items.Count > 0 ? items[^1]?.DeepClone() : null,
        },
    };

    /// <summary>What is false in Python.</summary>
    private static bool IsNothing(JsonNode? value) => value switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject map => map.Count == 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => value.ToString().Length == 0,
            JsonValueKind.Number => PythonText.AsDouble(value.AsValue()) == 0,
            _ => false,
        },
    };

    private static string ClassOf(VariableType type) => type switch
    {
        VariableType.ObjectArray => "ArrayObjectVariable",
        VariableType.AnyArray => "ArrayAnyVariable",
        _ => $"{type}Variable",
    };

    /// <summary>Python compares texts by code points; UTF-16 puts the characters above U+FFFF elsewhere.</summary>
    private sealed class CodePointOrder : IComparer<string>
    {
        public static CodePointOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            var left = (x ?? "").EnumerateRunes();
            var right = (y ?? "").EnumerateRunes();
            while (true)
            {
                var hasLeft = left.MoveNext();
                var hasRight = right.MoveNext();
                if (!hasLeft || !hasRight)
                {
                    return hasLeft.CompareTo(hasRight);
                }

                if (left.Current != right.Current)
                {
                    return left.Current.Value.CompareTo(right.Current.Value);
                }
            }
        }
    }
}
