using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>Settings of iterations and loops that came later, with what they were before there was a choice.</summary>
internal static class ContainerDefaults
{
    public static int Apply(FileGraph graph)
    {
        var changed = 0;
        foreach (var (_, data) in graph.OfType("iteration"))
        {
            changed += Default(data, "is_parallel", false) + Default(data, "parallel_nums", 10)
                + Default(data, "error_handle_mode", "terminated") > 0 ? 1 : 0;
        }

        foreach (var (_, data) in graph.OfType("loop"))
        {
            changed += Default(data, "error_handle_mode", "terminated");
        }

        return changed;
    }

    private static int Default(JsonObject data, string key, JsonNode value)
    {
        if (data[key] is not null)
        {
            return 0;
        }

        data[key] = value;
        return 1;
    }
}
