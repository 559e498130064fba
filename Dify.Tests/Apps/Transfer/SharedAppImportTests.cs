using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer;
using Dify.Core.Apps.Transfer.Yaml;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class SharedAppImportTests(SharedAppImportTests.Store store) : IClassFixture<SharedAppImportTests.Store>
{
    [Theory]
    [MemberData(nameof(SharedApps.Names), MemberType = typeof(SharedApps))]
    public async Task A_real_export_is_imported_and_after_that_import_and_export_change_nothing(string name)
    {
        var text = SharedApps.Read(name);
        var result = await store.World.ImportAsync(text);
        Assert.Equal((ImportStatus.CompletedWithWarnings, ""), (result.Status, result.Error));

        var first = await store.World.ExportAsync(result.App!);
        var again = await store.World.ImportAsync(first);
        Assert.Equal((ImportStatus.Completed, ""), (again.Status, again.Error));
        Assert.Empty(again.Report!.Changes);
        Assert.Equal(first, await store.World.ExportAsync(again.App!));
        AssertKept((JsonObject)YamlReader.Read(text)!, (JsonObject)YamlReader.Read(first)!);
    }

    /// <summary>Whatever the file says is in the export, at the same place, unless a rule for old shapes changes it.</summary>
    private static void AssertKept(JsonObject file, JsonObject export)
    {
        var lost = new List<string>();
        Compare(file, export, "", lost);
        Assert.Empty(lost);
    }

    private static void Compare(JsonNode? was, JsonNode? now, string path, List<string> lost)
    {
        if (path is ".version" or ".workflow.features.file_upload" || path.EndsWith(".provider", StringComparison.Ordinal)
            || path.EndsWith(".start_node_id", StringComparison.Ordinal) || path.Contains(".tool_configurations", StringComparison.Ordinal))
        {
            return;
        }

        if (was is JsonObject before && now is JsonObject after)
        {
            foreach (var (key, value) in before)
            {
                if (after.ContainsKey(key))
                {
                    Compare(value, after[key], $"{path}.{key}", lost);
                }
                else
                {
                    lost.Add($"{path}.{key}");
                }
            }
        }
        else if (was is JsonArray list && now is JsonArray longer && path is ".workflow.graph.nodes" or ".workflow.graph.edges")
        {
            for (var i = 0; i < list.Count; i++)
            {
                Compare(list[i], longer[i], path + "[]", lost);
            }
        }
        else if (!JsonNode.DeepEquals(was, now) && !(was is JsonArray a && now is JsonArray b && SameObjects(a, b)))
        {
            lost.Add($"{path}: {was?.ToJsonString()} -> {now?.ToJsonString()}");
        }
    }

    /// <summary>Lists of objects may have gained keys.</summary>
    private static bool SameObjects(JsonArray was, JsonArray now)
    {
        var lost = new List<string>();
        for (var i = 0; i < Math.Min(was.Count, now.Count); i++)
        {
            Compare(was[i], now[i], "[]", lost);
        }

        return was.Count == now.Count && was.All(item => item is JsonObject) && lost.Count == 0;
    }

    public sealed class Store : IAsyncLifetime
    {
        internal TransferWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await TransferWorld.CreateAsync();

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
