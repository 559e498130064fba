using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Assigner;

/// <summary>
/// Writes conversation and loop variables. Version 1 has one target with a write mode, later ones a list of operations,
/// each of which sees what those before have written.
/// </summary>
internal sealed class AssignerNode : INode
{
    /// <summary>Bytes of one variable.</summary>
    public const int LargestVariable = 204_800;

    public async IAsyncEnumerable<NodeOutput> RunAsync(NodeRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        await ValueTask.CompletedTask;
        yield return NodeOutput.End(run.Node.Version == "1" ? WriteOne(run) : WriteSeveral(run));
    }

    private static NodeResult WriteOne(NodeRun run)
    {
        var data = run.Node.Data;
        var target = NodeData.Selector(data, "assigned_variable_selector");
        if (target.Length != 2 || !run.Variables.TryGet(target, out var before))
        {
            throw new NodeFailedException("assigned variable not found");
        }

        JsonNode? income;
        JsonNode? after;
        switch (NodeData.Text(data, "write_mode"))
        {
            case "clear":
                income = AssignerOperation.Zero(run.Variables.TypeOf(target));
                after = income?.DeepClone();
                break;
            case "append":
                income = Income(run, data);
                after = before is JsonArray list
                    ? new JsonArray([.. list.Select(item => item?.DeepClone()), income?.DeepClone()])
                    : throw new NodeFailedException($"append is not supported for type {run.Variables.TypeOf(target).ToWire()}");
                break;
            case "over-write":
                income = Income(run, data);
                after = income?.DeepClone();
                break;
            case var unknown:
                throw new NodeFailedException($"unsupported write mode: {unknown}");
        }

        Measure(after);
        var written = new Writes(run.Variables);
        written.Add(target, after);
        return new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = new JsonObject { ["value"] = income?.DeepClone() },
            ProcessData = written.Log(withValues: false),
            Updates = written.Updates,
        };
    }

    private static JsonNode? Income(NodeRun run, JsonObject data) =>
        run.Variables.TryGet(NodeData.Selector(data, "input_variable_selector"), out var value)
            ? value
            : throw new NodeFailedException("input value not found");

    private static NodeResult WriteSeveral(NodeRun run)
    {
        var written = new Writes(run.Variables);
        var inputs = (JsonObject)run.Node.Data.DeepClone();
        try
        {
            foreach (var item in NodeData.List(run.Node.Data, "items")?.OfType<JsonObject>() ?? [])
            {
                Write(run, item, written);
            }
        }
        catch (NodeFailedException problem)
        {
            throw new NodeFailedException(problem.Message, problem.Type, problem.Code, problem)
            {
                Inputs = inputs,
                Updates = written.Updates,
            };
        }

        return new NodeResult
        {
            Status = NodeStatus.Succeeded,
            Inputs = inputs,
            ProcessData = written.Log(withValues: true),
            Updates = written.Updates,
        };
    }

    private static void Write(NodeRun run, JsonObject item, Writes written)
    {
        var target = NodeData.Selector(item, "variable_selector");
        if (target.Length != 2 || !written.TryGet(target, out var before))
        {
            throw Missing(target);
        }

        var operation = NodeData.Text(item, "operation") ?? "";
        var type = run.Variables.TypeOf(target);
        var isConstant = NodeData.Text(item, "input_type") == "constant";
        AssignerOperation.Check(operation, type, isConstant);
        item.TryGetPropertyValue("value", out var input);
        if (!isConstant && !AssignerOperation.NeedsNoInput(operation) && input is not null)
        {
            var source = NodeData.Selector(item, "value");
            if (!written.TryGet(source, out input))
            {
                throw Missing(source);
            }

            if (input is null)
            {
                return;
            }
        }

        var after = AssignerOperation.Apply(operation, type, before, input);
        Measure(after);
        written.Add(target, after);
    }

    private static NodeFailedException Missing(string[] selector) => new(
        $"Variable {PythonText.Repr(new JsonArray([.. selector.Select(part => (JsonNode)part)]))} not found", "");

    /// <summary>A variable is stored with every change, so a list that only grows has to end somewhere.</summary>
    private static void Measure(JsonNode? value)
    {
        var size = value is null ? 0 : Encoding.UTF8.GetByteCount(value.ToJsonString(JsonDefaults.Wire));
        if (size > LargestVariable)
        {
            throw new NodeFailedException($"variable size {size} exceeds limit {LargestVariable}", "");
        }
    }

    /// <summary>What has been written so far, seen before it is in the pool.</summary>
    private sealed class Writes(VariablePool variables)
    {
        private readonly List<VariableUpdate> _updates = [];

        public IReadOnlyList<VariableUpdate> Updates => _updates;

        public void Add(string[] target, JsonNode? value) => _updates.Add(new VariableUpdate(target, value));

        public bool TryGet(string[] selector, out JsonNode? value)
        {
            var own = _updates.FindLast(update => selector.Length >= 2
                && update.Selector[0] == selector[0] && update.Selector[1] == selector[1]);
            if (own is null)
            {
                return variables.TryGet(selector, out value);
            }

            value = own.Value;
            for (var part = 2; part < selector.Length; part++)
            {
                if (value is not JsonObject parent || !FileValues.TryWalk(parent, selector[part], out value))
                {
                    value = null;
                    return false;
                }
            }

            return true;
        }

        public JsonObject Log(bool withValues)
        {
            var log = new JsonObject();
            var list = new JsonArray();
            foreach (var update in _updates.GroupBy(update => (update.Selector[0], update.Selector[1])).Select(group => group.Last()))
            {
                var name = update.Selector[1];
                if (withValues)
                {
                    log[name] = update.Value?.DeepClone();
                }

                list.Add(new JsonObject
                {
                    ["name"] = name,
                    ["selector"] = new JsonArray([.. update.Selector.Select(part => (JsonNode)part)]),
                    ["value_type"] = variables.TypeOf(update.Selector).ToWire(),
                    ["new_value"] = update.Value?.DeepClone(),
                });
            }

            log["__updated_variables"] = list;
            return log;
        }
    }
}
