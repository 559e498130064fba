using Dify.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Dify.Core.Jobs;

internal static class JobsServiceCollectionExtensions
{
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JobOptions>().Bind(configuration.GetSection("Jobs")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<JobStoreFile>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<Common.IReadinessCheck, QueueReadiness>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());

        var options = configuration.GetSection("Jobs").Get<JobOptions>() ?? new JobOptions();
        var storage = configuration.GetSection("Storage").Get<StorageOptions>() ?? new StorageOptions();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "dify";
                scheduler.GenerateInstanceId = true;
                // A process that queues a job wakes its own scheduler only: a worker apart looks every second.
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(storage.Kind == DatabaseKind.PostgreSql ? 1 : 5);
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseDefaultThreadPool(options.Concurrency);
            quartz.UsePersistentStore(store =>
            {
                store.ProvisionSchema();
                store.ConfigureStore(ado =>
                {
                    ado.StoreJobDataAsStrings = true;
                    ado.TablePrefix = "qrtz_";
                });
                var file = new JobStoreFile(
                    new Common.DataFolder(configuration), Microsoft.Extensions.Options.Options.Create(storage));
                if (file.IsPostgres)
                {
                    store.UsePostgres(Npgsql.NpgsqlFactory.Instance, file.ConnectionString);
                    store.UseClustering();
                }
                else
                {
                    store.UseSqlite(Microsoft.Data.Sqlite.SqliteFactory.Instance, file.ConnectionString);
                }
            });
        });
        return services;
    }
}
