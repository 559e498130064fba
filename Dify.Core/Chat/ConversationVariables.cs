using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;
using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Chat;

/// <summary>What chatflows remember of each conversation.</summary>
public sealed class ConversationVariables(IDbContextFactory<DifyDbContext> contexts, WriteBatcher writes, TimeProvider time)
{
    /// <summary>Bytes of one value.</summary>
    private const int Largest = 204_800;

    /// <summary>The variables of a conversation in the order of their making; those of others do not exist.</summary>
    /// <param name="lastId">The last row of the page before.</param>
    /// <param name="name">Only the one of this name.</param>
    /// <exception cref="DifyException">404: no such conversation; <c>invalid_param</c>: unknown <paramref name="lastId"/>.</exception>
    public async Task<Page<ConversationVariable>> ListAsync(
        ChatAudience audience, Guid conversationId, Guid? lastId = null, int limit = 20, string? name = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audience);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.FindConversationAsync(audience, conversationId, cancellationToken);
        var rows = await ReadAsync(db, conversationId, cancellationToken);
        if (name is { Length: > 0 })
        {
            rows.RemoveAll(row => row.Name != name);
        }

        if (lastId is { } last)
        {
            var place = rows.FindIndex(row => row.Id == last);
            rows = place < 0 ? throw DifyException.Invalid("last_id: no such variable.") : rows[(place + 1)..];
        }

        return new Page<ConversationVariable>([.. rows.Take(limit)], null, rows.Count > limit);
    }

    /// <summary>Gives a variable another value of its type.</summary>
    /// <exception cref="DifyException">404; <c>bad_request</c>: the value has another type, or is too large.</exception>
    public async Task<ConversationVariable> SetAsync(
        ChatAudience audience, Guid conversationId, Guid variableId, JsonNode? value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audience);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.FindConversationAsync(audience, conversationId, cancellationToken);
        var row = await db.ConversationVariables
            .FirstOrDefaultAsync(v => v.Id == variableId && v.ConversationId == conversationId, cancellationToken)
            ?? throw DifyException.NotFound("Conversation Variable Not Exists.");
        if (!Fits(row.ValueType, value))
        {
            throw new DifyException(
                ErrorCodes.BadRequest,
                $"Type mismatch: variable '{row.Name}' expects {row.ValueType} type, but got {VariableTypes.Of(value).ToWire()} type");
        }

        var json = Write(value);
        if (System.Text.Encoding.UTF8.GetByteCount(json) > Largest)
        {
            throw new DifyException(ErrorCodes.BadRequest, $"A conversation variable has at most {Largest} bytes.");
        }

        row.Value = json;
        row.UpdatedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <summary>The rows of a conversation as a run of a workflow needs them: what it does not declare is left alone.</summary>
    /// <returns>The values by name, and rows that are new and to be stored.</returns>
    internal async Task<(JsonObject Values, IReadOnlyList<ConversationVariable> Added)> PrepareAsync(
        Conversation conversation, bool isNew, IReadOnlyList<WorkflowVariable> declared, CancellationToken cancellationToken)
    {
        List<ConversationVariable> rows = [];
        if (!isNew && declared.Count > 0)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            rows = await ReadAsync(db, conversation.Id, cancellationToken);
        }

        var values = new JsonObject();
        var added = new List<ConversationVariable>();
        foreach (var variable in declared)
        {
            var row = rows.Find(known => known.Name == variable.Name);
            if (row is null)
            {
                added.Add(New(conversation, variable));
            }

            // A workflow that was changed may declare another type than the value has.
            var isKept = row is not null && row.ValueType == variable.ValueType;
            values[variable.Name] = isKept ? JsonNode.Parse(row!.Value) : variable.Value?.DeepClone();
        }

        return (values, added);
    }

    /// <summary>Stores what a node has written, in its order.</summary>
    internal Task SaveAsync(Guid conversationId, IReadOnlyList<VariableUpdate> updates, IReadOnlyList<WorkflowVariable> declared)
    {
        var written = updates.Where(update => update.Selector[0] == VariablePool.Conversation)
            .Select(update => (Name: update.Selector[1], update.Value))
            .Where(update => declared.Any(variable => variable.Name == update.Name))
            .GroupBy(update => update.Name).Select(group => group.Last()).ToList();
        return written.Count == 0 ? Task.CompletedTask : writes.WriteAsync(async (db, token) =>
        {
            var now = time.GetUtcNow();
            var rows = db.ConversationVariables;
            foreach (var (name, value) in written)
            {
                var (json, type) = (Write(value), declared.First(variable => variable.Name == name).ValueType);
                await rows.Where(row => row.ConversationId == conversationId && row.Name == name).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Value, json).SetProperty(row => row.ValueType, type).SetProperty(row => row.UpdatedAt, now), token);
            }
        });
    }

    private static bool Fits(string type, JsonNode? value) => VariableTypes.Of(value) switch
    {
        VariableType.Integer or VariableType.Float => type is "number" or "integer" or "float",
        VariableType.AnyArray when value is JsonArray { Count: 0 } => type.StartsWith("array", StringComparison.Ordinal),
        VariableType.AnyArray => type is "array" or "array[any]",
        var actual => actual.ToWire() == type || (actual == VariableType.String && type == WorkflowVariable.Secret),
    };

    private static Task<List<ConversationVariable>> ReadAsync(DifyDbContext db, Guid conversationId, CancellationToken cancellationToken) =>
        db.ConversationVariables.AsNoTracking().Where(row => row.ConversationId == conversationId)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);

    private static ConversationVariable New(Conversation conversation, WorkflowVariable variable) => new()
    {
        WorkspaceId = conversation.WorkspaceId,
        ConversationId = conversation.Id,
        Name = variable.Name,
        ValueType = variable.ValueType,
        Value = Write(variable.Value),
        Description = variable.Description,
        CreatedAt = conversation.UpdatedAt,
        UpdatedAt = conversation.UpdatedAt,
    };

    private static string Write(JsonNode? value) => value?.ToJsonString(JsonDefaults.Wire) ?? "null";
}
