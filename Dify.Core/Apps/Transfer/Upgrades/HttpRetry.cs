using System.Text.Json.Nodes;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>HTTP nodes of before there was a choice try again three times.</summary>
internal static class HttpRetry
{
    public static int Apply(FileGraph graph)
    {
        var changed = 0;
        foreach (var (_, data) in graph.OfType("http-request").Where(http => http.Data["retry_config"] is null))
        {
            data["retry_config"] = new JsonObject { ["retry_enabled"] = true, ["max_retries"] = 3, ["retry_interval"] = 100 };
            changed++;
        }

        return changed;
    }
}
