using Microsoft.EntityFrameworkCore;

namespace Dify.Core.Storage.Postgres;

public sealed class PostgresDifyDbContext(DbContextOptions<PostgresDifyDbContext> options) : DifyDbContext(options);
